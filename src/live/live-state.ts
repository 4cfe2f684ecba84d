import { fromMetric } from '../log/records.js';
import type { LogRecord, Outcome, StepRecord, TrialStartRecord } from '../log/records.js';
import type { RunHeader } from './run-header.js';

/** How many of the last losses a live view can draw. */
export const rememberedLosses = 120;
/** Steps over which the speed is averaged. */
const speedWindow = 40;

/** What the records do not say about what is going on now. */
export interface LiveHeader extends RunHeader {
  /** Planned trials that had ended before. */
  readonly finished: number;
  /** Trials that run at the same time, at most. */
  readonly jobs: number;
}

export interface LiveVariant {
  readonly label: string;
  /** NaN before the first step. */
  readonly loss: number;
  readonly accuracy: number;
  /** The last losses, oldest first. */
  readonly losses: readonly number[];
}

export interface LiveTrial {
  readonly trial: number;
  readonly seed: number;
  readonly baseline: string;
  /** The last step done, of `steps`. */
  readonly step: number;
  readonly steps: number;
  readonly variants: Readonly<Record<string, LiveVariant>>;
  /** Times of its last steps, in milliseconds since the Unix epoch, ascending. */
  readonly stepTimes: readonly number[];
}

/** All a live view knows: built from records alone, so it can be rebuilt from a log. */
export interface LiveState {
  readonly header: LiveHeader;
  /** Milliseconds since the Unix epoch; absent before the first record. */
  readonly startedAt: number | undefined;
  /** Trials under way, in the order they began. */
  readonly active: readonly LiveTrial[];
  /** The trial that ended last. */
  readonly last: LiveTrial | undefined;
  /** Ended trials and how they ended. */
  readonly ended: Readonly<Record<number, Outcome>>;
  /** Times of the last steps, in milliseconds since the Unix epoch, ascending. */
  readonly stepTimes: readonly number[];
}

export function initialLiveState(header: LiveHeader): LiveState {
  return {
    header,
    startedAt: undefined,
    active: [],
    last: undefined,
    ended: {},
    stepTimes: [],
  };
}

/** The state after one more record; the earlier state is left as it was. */
export function reduceLive(state: LiveState, record: LogRecord): LiveState {
  const next = { ...state, startedAt: state.startedAt ?? record.time };
  switch (record.event) {
    case 'trial.start':
      return { ...next, active: [...without(state.active, record.trial), startTrial(record)] };
    case 'trial.resume':
      return resumeTrial(next, record.trial, record.step, record.time);
    case 'step':
      return {
        ...next,
        active: state.active.map((trial) =>
          trial.trial === record.trial ? advance(trial, record) : trial,
        ),
        stepTimes: latest(state.stepTimes, record.time),
      };
    case 'trial.end':
      return {
        ...next,
        active: without(state.active, record.trial),
        last: state.active.find(({ trial }) => trial === record.trial) ?? state.last,
        ended: { ...state.ended, [record.trial]: record.outcome },
      };
    case 'evaluation':
    case 'checkpoint':
    case 'variant.end':
      return next;
  }
}

/** Steps a second over the last steps of a trial, or of all; undefined while there are too few to tell. */
export function stepsPerSecond({ stepTimes }: Pick<LiveState, 'stepTimes'>): number | undefined {
  const first = stepTimes[0];
  const last = stepTimes.at(-1);
  if (first === undefined || last === undefined || last <= first) return undefined;
  return ((stepTimes.length - 1) * 1000) / (last - first);
}

/**
 * Milliseconds until all planned trials are done at the present speed; undefined while unknown.
 * A trial that ended early has no steps left.
 * @param now milliseconds since the Unix epoch
 */
export function timeLeft(state: LiveState, now: number): number | undefined {
  const speed = stepsPerSecond(state);
  const steps = (state.active[0] ?? state.last)?.steps;
  const latest = state.stepTimes.at(-1);
  if (speed === undefined || steps === undefined || latest === undefined) return undefined;
  const { trials, finished } = state.header;
  const waiting = trials - finished - Object.keys(state.ended).length - state.active.length;
  const begun = state.active.reduce((sum, trial) => sum + trial.steps - trial.step, 0);
  const left = ((Math.max(0, waiting) * steps + begun) / speed) * 1000;
  return Math.max(0, left - Math.max(0, now - latest));
}

function without(trials: readonly LiveTrial[], index: number): readonly LiveTrial[] {
  return trials.filter(({ trial }) => trial !== index);
}

function startTrial(record: TrialStartRecord): LiveTrial {
  const { trial, seed, baseline, steps } = record;
  const variants = Object.entries(record.variants).map(
    ([name, { label }]) => [name, { label, loss: NaN, accuracy: NaN, losses: [] }] as const,
  );
  const known = Object.fromEntries(variants);
  return { trial, seed, baseline, step: 0, steps, variants: known, stepTimes: [] };
}

function resumeTrial(state: LiveState, index: number, step: number, time: number): LiveState {
  const known = [...state.active, ...(state.last ? [state.last] : [])];
  const trial = known.find((candidate) => candidate.trial === index);
  const ended = Object.entries(state.ended).filter(([key]) => Number(key) !== index);
  return {
    ...state,
    // The time the trial lay still says nothing about its speed.
    startedAt: time,
    stepTimes: [],
    ended: Object.fromEntries(ended),
    active: trial
      ? [
          ...without(state.active, index),
          { ...trial, step: Math.min(step, trial.step), stepTimes: [] },
        ]
      : state.active,
  };
}

function advance(trial: LiveTrial, record: StepRecord): LiveTrial {
  const variants = Object.entries(record.variants).map(([name, { scores }]) => {
    const before = trial.variants[name];
    const value = fromMetric(scores.loss ?? 'NaN');
    const losses = [...(before?.losses ?? []), value].slice(-rememberedLosses);
    const label = before?.label ?? name;
    return [
      name,
      { label, loss: value, accuracy: fromMetric(scores.accuracy ?? 'NaN'), losses },
    ] as const;
  });
  const stepTimes = latest(trial.stepTimes, record.time);
  return { ...trial, step: record.step, variants: Object.fromEntries(variants), stepTimes };
}

function latest(times: readonly number[], time: number): readonly number[] {
  return [...times, time].slice(-speedWindow);
}
