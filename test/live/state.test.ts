import { expect } from 'chai';
import fc from 'fast-check';
import { createSeenOnce } from '../../src/live/follow/seen-once.js';
import { stepsPerSecond, timeLeft, trialSpeed } from '../../src/live/speed.js';
import { atRest, initialRunState, reduceRun, settleTrial } from '../../src/live/state.js';
import type { RunState, TrialState } from '../../src/live/state.js';
import type { LogRecord } from '../../src/log/records.js';
import { renderScreen } from '../../src/cli/screen/render-screen.js';
import { renderLive } from '../../src/cli/views/live.js';
import { trialRecords } from '../support/log-records.js';
import { watchedManifest } from '../support/run-states.js';

const time = 1_700_000_000_000;
const plan = [1, 2, 3].map((seed) => ({ seed }));
const labels = { a: 'A', b: 'B', c: 'C' };
const variants = Object.fromEntries(
  Object.entries(labels).map(([name, label]) => [name, { label, parameters: 1 }]),
);
const empty = initialRunState(watchedManifest(plan, labels), 'runs/x');

function stateAfter(records: readonly LogRecord[], before = empty): RunState {
  return records.reduce(reduceRun, before);
}

/** Measures, evaluates every fourth step, and stops `c` after step `end`, as a trial of three variants does. */
function wholeTrial(trial: number, steps: number, end: number): LogRecord[] {
  const records = trialRecords({ trial, seed: trial + 1, steps, variants, time, test: [] });
  const last = records.pop()!;
  return [...records, last].flatMap((record): LogRecord[] => {
    if (record.event === 'trial.end') {
      return [{ ...record, outcome: end < steps ? 'diverged' : 'completed' }];
    }
    if (record.event !== 'step') return [record];
    const { step } = record;
    const { c, ...others } = record.variants;
    const left = step > end ? others : { ...others, c: c! };
    const { level, schemaVersion, runId, seed, seq } = record;
    const base = { level, time: record.time, schemaVersion, runId, trial, seed, seq, step };
    const reason = 'the loss became NaN';
    return [
      { ...record, variants: left },
      ...(step === end && end < steps
        ? [{ ...base, event: 'variant.end', variant: 'c', outcome: 'diverged', reason } as const]
        : []),
      ...(step % 4 === 0
        ? [
            {
              ...base,
              event: 'evaluation',
              split: 'test',
              examples: 64,
              variants: left,
            } as LogRecord,
          ]
        : []),
      ...(step % 3 === 0
        ? [{ ...base, event: 'checkpoint', path: `checkpoints/${step}` } as LogRecord]
        : []),
    ];
  });
}

/** The records of a trial that died after each of these many records and was resumed, later and slower. */
function resumed(records: readonly LogRecord[], deaths: readonly number[]): LogRecord[] {
  const [start] = records;
  let late = 0;
  const lines: LogRecord[] = [];
  let from = 0;
  const later = (record: LogRecord) => ({ ...record, time: record.time + late });
  for (const death of deaths) {
    const to = Math.max(from + 1, Math.min(records.length - 1, death));
    lines.push(...records.slice(from, to).map(later));
    const at = records.slice(0, to).findLastIndex(({ event }) => event === 'checkpoint');
    late += 1_000_000;
    if (at < 0) {
      from = 0;
      continue;
    }
    const checkpoint = records[at]!;
    const step = 'step' in checkpoint ? checkpoint.step : 0;
    lines.push(
      later({ ...start, time: checkpoint.time, event: 'trial.resume', step } as LogRecord),
    );
    from = at + 1;
  }
  return [...lines, ...records.slice(from).map(later)];
}

/** All but what the clock says. */
function withoutTimes(state: RunState) {
  const trials = state.trials.map((trial) => ({ ...trial, stepTimes: [] }));
  return { ...state, trials, stepTimes: [], startedAt: undefined, latestTrial: undefined };
}

/** Several lists merged into one, each in its order. */
function interleaved<Item>(lists: readonly (readonly Item[])[], order: readonly number[]): Item[] {
  const left = lists.map((list) => [...list]);
  const merged: Item[] = [];
  for (const pick of order) {
    const next = left[pick % left.length]!.shift();
    if (next !== undefined) merged.push(next);
  }
  return [...merged, ...left.flat()];
}

describe('the state of a run', () => {
  it('of resumed trials equals that of undisturbed ones, but for times', () => {
    const trial = fc.record({
      steps: fc.integer({ min: 1, max: 30 }),
      end: fc.integer({ min: 1, max: 40 }),
      deaths: fc.array(fc.nat({ max: 60 }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(trial, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat({ max: 2 }), { maxLength: 60 }),
        (trials, order) => {
          const whole = trials.map(({ steps, end }, index) => wholeTrial(index, steps, end));
          const logs = whole.map((records, index) => resumed(records, trials[index]!.deaths));
          const expected = withoutTimes(stateAfter(whole.flat()));
          const measured = (state: RunState) => ({
            ...withoutTimes(state),
            measures: [...state.measures].sort((a, b) => (a.key < b.key ? -1 : 1)),
          });
          // A run that is launched again shows what is trained again, whoever follows a log does not.
          const launched = stateAfter(interleaved(logs, order));
          expect(measured(launched)).to.deep.equal(measured(expected));
          const followed = logs.map((records) => {
            const isNew = createSeenOnce();
            return records.filter((record) => isNew(record));
          });
          const seen = stateAfter(interleaved(followed, order));
          expect(measured(seen)).to.deep.equal(measured(expected));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is all that the live view and the full screen know', () => {
    const records = resumed(wholeTrial(0, 20, 7), [12]);
    const state = stateAfter(records);
    // Plain data: what JSON keeps of it draws the same.
    const copy = structuredClone(state);
    const options = { columns: 100, rows: 30, color: true, now: time + 60_000, jobs: 1 };
    expect(renderLive(copy, options)).to.equal(renderLive(state, options));
    const choice = { trial: undefined, measure: 1 };
    const screen = (of: RunState) => renderScreen(of, choice, { ...options, phase: 'working' });
    expect(screen(copy)).to.deep.equal(screen(state));
    expect(screen(state).join('\n')).to.contain('minibatch accuracy').and.contain('diverged');
    reduceRun(state, wholeTrial(0, 21, 7).at(-2)!);
    expect(state).to.deep.equal(copy);
  });

  it('stays as small however long the trials and however many', () => {
    const sizeAfter = (steps: number, trials: number) => {
      const many = Array.from({ length: trials }, (_, seed) => ({ seed }));
      const before = initialRunState(watchedManifest(many, labels), 'runs/x');
      return JSON.stringify(stateAfter(trialRecords({ steps, variants, test: [] }), before)).length;
    };
    expect(sizeAfter(4000, 3)).to.be.below(1.2 * sizeAfter(1000, 3));
    const [few, many] = [sizeAfter(2000, 64), sizeAfter(2000, 2048)];
    expect(many - sizeAfter(1, 2048)).to.be.below((few - sizeAfter(1, 64)) / 16);
  });

  it('knows every score by place, the minibatch first, in the order of the metrics', () => {
    const { measures } = stateAfter(wholeTrial(0, 8, 9));
    expect(measures.map(({ key }) => key)).to.deep.equal([
      'minibatch loss',
      'minibatch accuracy',
      'test 64 loss',
      'test 64 accuracy',
    ]);
    expect(empty.measures.map(({ key }) => key)).to.deep.equal([
      'minibatch loss',
      'minibatch accuracy',
    ]);
  });

  it('takes up a trial that was interrupted', () => {
    const records = trialRecords({ steps: 10, planned: 50, test: [], outcome: 'interrupted' });
    const before = stateAfter(records);
    expect(before.trials[0]).to.include({ phase: 'interrupted', isSettled: false, step: 10 });
    const resume = { ...records[0]!, event: 'trial.resume', step: 5 } as LogRecord;
    const [trial] = stateAfter([resume], before).trials;
    expect(trial).to.include({ phase: 'running', reason: undefined, step: 5 });
  });

  it('keeps a variant that has diverged diverged, unless it is trained on elsewhere', () => {
    const records = wholeTrial(0, 10, 6);
    const at = records.findIndex(({ event }) => event === 'variant.end');
    const diverged = (state: RunState) => Object.keys(state.trials[0]!.diverged);
    const state = stateAfter(records.slice(0, at + 1));
    expect(state.trials[0]!.diverged.c).to.deep.equal({ step: 6, reason: 'the loss became NaN' });
    const resume = { ...records[0]!, event: 'trial.resume', step: 3 } as LogRecord;
    expect(diverged(stateAfter([resume], state))).to.deep.equal(['c']);
    const others = wholeTrial(0, 10, 10).filter(({ event }) => event === 'step');
    expect(diverged(stateAfter([resume, ...others.slice(3, 6)], state))).to.deep.equal(['c']);
    expect(diverged(stateAfter([resume, ...others.slice(3, 7)], state))).to.deep.equal([]);
  });

  it('has a trial that lost its process unfinished, and ended for good once that has settled', () => {
    const steps = trialRecords({ trial: 1, steps: 3, planned: 9 }).slice(0, 4);
    const phases = (state: RunState) =>
      state.trials.map(({ phase, isSettled }: TrialState) => [phase, isSettled]);
    const running = stateAfter(steps);
    expect(phases(running)[1]).to.deep.equal(['running', false]);
    expect(phases(atRest(running))[1]).to.deep.equal(['unfinished', false]);
    expect(phases(settleTrial(running, 1))[1]).to.deep.equal(['unfinished', true]);
    const completed = stateAfter(trialRecords({ trial: 1 }));
    expect(settleTrial(completed, 1)).to.deep.equal(completed);
    const some = initialRunState(watchedManifest(plan), 'runs/x', [2]);
    expect(phases(some)).to.deep.equal([
      ['done', true],
      ['done', true],
      ['planned', false],
    ]);
  });
});

describe('the speed of a run', () => {
  const running = (steps: number) => trialRecords({ steps, planned: 50, time }).slice(0, steps + 1);

  it('is not told from a single step', () => {
    expect(stepsPerSecond(stateAfter(running(1)))).to.equal(undefined);
    expect(timeLeft(stateAfter(running(1)), time)).to.equal(undefined);
  });

  it('counts the steps of trials to come in the time left, and not those of ended ones', () => {
    const lastStep = time + 20 * 250;
    const left = (trials: number) => {
      const before = initialRunState(watchedManifest(plan.slice(0, trials)), 'runs/x');
      return timeLeft(stateAfter(running(20), before), lastStep);
    };
    expect(left(1)).to.equal(30 * 250);
    expect(left(3)).to.equal(130 * 250);
    const one = initialRunState(watchedManifest(plan), 'runs/x', [0]);
    expect(timeLeft(stateAfter(running(20), one), lastStep)).to.equal(30 * 250);
    const ended = stateAfter(trialRecords({ steps: 50, time }), one);
    expect(timeLeft(ended, time)).to.equal(0);
    const dead = settleTrial(stateAfter(running(20)), 0);
    expect(timeLeft(dead, lastStep)).to.equal(100 * 250);
  });

  it('does not count the pause before a resume', () => {
    const before = running(20);
    const pause = 3_600_000;
    const resume = { ...before[0]!, event: 'trial.resume', step: 20, time: time + pause };
    const options = { steps: 25, planned: 50, time: time + pause };
    const state = stateAfter([
      ...before,
      resume as LogRecord,
      ...trialRecords(options).slice(21, 26),
    ]);
    expect(stepsPerSecond(state)).to.be.closeTo(4, 1e-9);
    expect(state.trials[0]?.step).to.equal(25);
  });

  it('of a trial ends when it falls silent', () => {
    const [trial] = stateAfter(running(20)).trials;
    const last = time + 20 * 250;
    expect(trialSpeed(trial!, last + 2_900)).to.be.closeTo(4, 1e-9);
    expect(trialSpeed(trial!, last + 3_100)).to.equal(undefined);
    const [ended] = stateAfter(trialRecords({ steps: 20, time })).trials;
    expect(trialSpeed(ended!, last + 9_000_000)).to.be.closeTo(4, 1e-9);
  });
});
