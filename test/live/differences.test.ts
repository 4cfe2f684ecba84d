import { expect } from 'chai';
import { fromMetric } from '../../src/log/records.js';
import type { LogRecord } from '../../src/log/records.js';
import { pairedT } from '../../src/statistics/paired-t.js';
import { differencesSoFar } from '../../src/live/differences.js';
import { trialRecords } from '../support/log-records.js';
import { runState } from '../support/run-states.js';

const records = (trial: number, steps: number, outcome?: 'diverged') =>
  trialRecords({
    trial,
    seed: trial + 1,
    steps,
    planned: 20,
    loss: (variant, step) => 2 / step + variant * 0.1 * (trial + 1),
    test: [],
    outcome: outcome ?? 'completed',
  });
const running = (trial: number, steps: number) =>
  records(trial, steps).filter(({ event }) => event !== 'trial.end');

function lossDifferences(logs: readonly (readonly LogRecord[])[], step: number): number[] {
  return logs.map((log) => {
    const record = log.find((record) => record.event === 'step' && record.step === step);
    if (record?.event !== 'step') throw new Error(`expected step ${step}`);
    const { relu, snn } = record.variants;
    return fromMetric(snn!.scores.loss) - fromMetric(relu!.scores.loss);
  });
}

function differenceOf(logs: readonly (readonly LogRecord[])[], planned = logs.length) {
  const rest = Array.from({ length: planned - logs.length }, (_, at) => ({ seed: 100 + at }));
  const state = runState([
    ...logs.map((log, index) => ({ seed: index + 1, records: log })),
    ...rest,
  ]);
  const [difference] = differencesSoFar(state, '', state.measures[0]!);
  return difference!;
}

describe('the difference of a full screen', () => {
  it('is the paired t interval over the completed seeds, as the report has it', () => {
    const logs = [records(0, 20), records(1, 20), records(2, 20)];
    const difference = differenceOf([...logs, running(3, 7)], 5);
    expect(difference).to.include({ at: 'end', seeds: 3, planned: 5 });
    expect(difference.interval).to.deep.equal(pairedT(lossDifferences(logs, 20), 0.95));
  });

  it('is taken at the last step all have reached, while they run together', () => {
    const logs = [running(0, 12), running(1, 9)];
    const difference = differenceOf(logs);
    expect(difference.at).to.deep.equal({ step: 9 });
    expect(difference.interval).to.deep.equal(pairedT(lossDifferences(logs, 9), 0.95));
  });

  it('does not wait for a seed that has diverged', () => {
    const difference = differenceOf([running(0, 12), running(1, 11), records(2, 3, 'diverged')]);
    expect(difference.at).to.deep.equal({ step: 11 });
    expect(difference.seeds).to.equal(2);
  });

  it('of one seed, or none, has no interval', () => {
    const one = differenceOf([records(0, 20)], 3);
    expect(one).to.include({ at: 'end', seeds: 1, planned: 3 });
    expect(one.mean).to.be.closeTo(0.1, 1e-7);
    expect(one.interval.computable).to.equal(false);
    expect(differenceOf([], 2)).to.include({ at: undefined, seeds: 0, planned: 2 });
  });

  it('is of the trials of one sweep point', () => {
    const state = runState([
      { seed: 1, point: { rate: 0.1 }, records: records(0, 20) },
      { seed: 1, point: { rate: 0.2 }, records: records(1, 20) },
    ]);
    const [difference] = differencesSoFar(state, 'rate=0.2', state.measures[0]!);
    expect(difference).to.include({ seeds: 1, planned: 1 });
    expect(difference!.mean).to.be.closeTo(0.2, 1e-7);
  });
});
