import { expect } from 'chai';
import { createSparseView } from '../../../src/cli/views/plain.js';
import type { LogRecord } from '../../../src/log/records.js';
import { trialRecords } from '../../support/log-records.js';

const sparse = () => createSparseView({ seeds: [1, 2], trials: 4 }, [3]);

/** What a view adds for records, each line's subject only. */
function subjects(records: readonly LogRecord[], view = sparse()): string[] {
  return records
    .flatMap((record) => view.add(record))
    .map((line) =>
      line
        .replace(/ (ReLU|\d+ steps).*/, '')
        .replaceAll(/ +/g, ' ')
        .trim(),
    );
}

describe('createSparseView', () => {
  it('shows of a trial its start, a step every five seconds, evaluations and its end', () => {
    // A step takes 250 ms.
    expect(subjects(trialRecords({ trial: 1, seed: 2, steps: 50 }))).to.deep.equal([
      'trial 1 seed 2 start',
      'trial 1 seed 2 step 20/50',
      'trial 1 seed 2 step 40/50',
      'trial 1 seed 2 test (512)',
      'trial 1 seed 2 completed after step 50; 2 of 4 trials',
    ]);
  });

  it('keeps the trials apart and counts each that has ended once, though it ended, failed, before', () => {
    const view = sparse();
    const [one, other] = [1, 2].map((trial) => trialRecords({ trial, steps: 3 }));
    const failed = trialRecords({ trial: 1, steps: 2, planned: 3, test: [], outcome: 'failed' });
    const all = [...failed, ...one!.flatMap((record, index) => [record, other![index]!])];
    expect(subjects(all, view).filter((line) => line.includes('after'))).to.deep.equal([
      'trial 1 seed 1 failed after step 2; 2 of 4 trials',
      'trial 1 seed 1 completed after step 3; 2 of 4 trials',
      'trial 2 seed 1 completed after step 3; 3 of 4 trials',
    ]);
  });

  it('counts trials that a race drops neither as ended nor as planned', () => {
    const view = sparse();
    view.drop?.([2, 3]);
    expect(subjects(trialRecords({ trial: 1, seed: 2, steps: 2 }), view).at(-1)).to.equal(
      'trial 1 seed 2 completed after step 2; 1 of 2 trials',
    );
  });
});
