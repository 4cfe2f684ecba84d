import { expect } from 'chai';
import type { LogRecord } from '../../src/log/records.js';
import { LockstepError } from '../../src/protocol/index.js';
import { trialHistory } from '../../src/run/trial-history.js';
import type { TrialHistory } from '../../src/run/trial-history.js';
import { resumedRecords, trialRecords } from '../support/log-records.js';

describe('trialHistory', () => {
  it('reads a resumed trial as if nothing had happened', () => {
    const undisturbed = trialHistory(trialRecords({ steps: 6 }));
    const resumed = trialHistory(resumedRecords({ steps: 6 }, { checkpoint: 2, crash: 5 }));
    expect(resumed.resumes).to.equal(1);
    expect(resumed.steps.map(({ step }) => step)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    const losses = (history: TrialHistory) =>
      history.steps.map(({ variants }) => Object.values(variants).map(({ scores }) => scores.loss));
    expect(losses(resumed)).to.deep.equal(losses(undisturbed));
    expect(resumed.evaluations).to.have.lengthOf(1);
    expect(resumed.end?.outcome).to.equal('completed');
  });

  it('has no end while the trial goes on', () => {
    const records = trialRecords({ outcome: 'interrupted' });
    const resume = { ...records[0]!, event: 'trial.resume', step: 1 } as LogRecord;
    expect(trialHistory([...records, resume]).end).to.equal(undefined);
  });

  it('takes an evaluation that was made again once', () => {
    const records = trialRecords();
    const evaluation = records.find(({ event }) => event === 'evaluation')!;
    expect(trialHistory([...records, evaluation]).evaluations).to.have.lengthOf(1);
  });

  it('refuses a log without its beginning', () => {
    expect(() => trialHistory(trialRecords().slice(1)))
      .to.throw(LockstepError, 'trial.start')
      .with.property('code', 'data');
  });
});
