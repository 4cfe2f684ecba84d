import { expect } from 'chai';
import { exitCodeOf } from '../../../src/cli/commands/tail.js';
import type { Outcome, TrialEndRecord } from '../../../src/log/records.js';

const ended = (outcome: Outcome, code?: TrialEndRecord['code']) =>
  ({ event: 'trial.end', outcome, code }) as TrialEndRecord;

describe('the exit code of a tail', () => {
  it('is that of the run', () => {
    const completed = ended('completed');
    expect(exitCodeOf([completed, completed])).to.equal(0);
    expect(exitCodeOf([completed, ended('diverged')])).to.equal(4);
    expect(exitCodeOf([ended('diverged'), ended('interrupted'), 'planned'])).to.equal(130);
    expect(exitCodeOf([completed, 'planned'])).to.equal(130);
    expect(exitCodeOf([ended('interrupted'), ended('failed')])).to.equal(5);
    expect(exitCodeOf([ended('failed', 'verification'), 'unfinished'])).to.equal(6);
    expect(exitCodeOf([completed, 'unfinished', 'planned'])).to.equal(5);
  });
});
