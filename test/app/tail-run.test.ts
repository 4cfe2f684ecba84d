import { expect } from 'chai';
import { errorOf } from '../../src/app/tail-run.js';
import type { Outcome, TrialEndRecord } from '../../src/log/records.js';

const ended = (outcome: Outcome, code?: TrialEndRecord['code']) =>
  ({ event: 'trial.end', outcome, code }) as TrialEndRecord;

describe('the error of a followed run', () => {
  it('is that of `lockstep run`, as far as the logs tell', () => {
    const completed = ended('completed');
    expect(errorOf([completed, completed])).to.equal(undefined);
    expect(errorOf([completed, ended('diverged')])).to.equal('diverged');
    expect(errorOf([ended('diverged'), ended('interrupted'), 'planned'])).to.equal('interrupted');
    expect(errorOf([completed, 'planned'])).to.equal('interrupted');
    expect(errorOf([ended('interrupted'), ended('failed')])).to.equal('worker');
    expect(errorOf([ended('failed', 'verification'), 'unfinished'])).to.equal('verification');
    expect(errorOf([completed, 'unfinished', 'planned'])).to.equal('worker');
  });
});
