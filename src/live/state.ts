import { fromMetric } from '../log/records.js';
import type { LogRecord, Outcome, RecordedScores } from '../log/records.js';
import { minibatchMetrics, metricNames } from '../metrics/registry.js';
import type { Manifest } from '../run/manifest.js';
import { seedsOf } from '../run/manifest.js';
import { emptyCurve, extendCurve } from './curve.js';
import type { Curve } from './curve.js';

/** A score of all variants, measured at one place. */
export interface Measure {
  /** Tells measures apart: `minibatch loss`, `test 512 accuracy`. */
  readonly key: string;
  /** `minibatch`, or the split. */
  readonly place: string;
  /** From the split's start; absent: those of the minibatch. */
  readonly examples?: number;
  /** A name of the metric registry. */
  readonly metric: string;
}

/**
 * `planned`: it has logged nothing yet; `done`: it ended earlier, and its log was not read; `unfinished`: it
 * has no end, and no process works on it; `dropped`: it will not run, as a race has dropped its point, or
 * the verdict was reached before.
 */
export type TrialPhase = 'planned' | 'running' | 'unfinished' | 'done' | 'dropped' | Outcome;

export interface TrialState {
  readonly index: number;
  readonly seed: number;
  /** The sweep's settings, for instance `optimizer.learningRate=0.1`; empty without a sweep. */
  readonly point: string;
  readonly phase: TrialPhase;
  /** Whether no process will work on it again, as far as is known here. */
  readonly isSettled: boolean;
  /** Why it did not complete, where known. */
  readonly reason: string | undefined;
  /** The step that was logged last; 0 before the first. */
  readonly step: number;
  /** Planned steps; absent before it has started. */
  readonly steps: number | undefined;
  /** Times of its last steps, in milliseconds since the Unix epoch, ascending; since it last resumed. */
  readonly stepTimes: readonly number[];
  /** Variants that have diverged, by name: they are no longer trained. */
  readonly diverged: Readonly<Record<string, { readonly step: number; readonly reason: string }>>;
  /** By the measure's key, then by the variant's name. */
  readonly curves: Readonly<Record<string, Readonly<Record<string, Curve>>>>;
}

/**
 * Everything known about a run that is watched, from its manifest and its records. The live view and the
 * full screen show selections of it. Plain data, immutable, and bounded in size however long the trials
 * are.
 */
export interface RunState {
  readonly name: string;
  /** The run's folder as the user would type it. */
  readonly folder: string;
  /** In the configuration's order. */
  readonly variants: readonly { readonly name: string; readonly label: string }[];
  readonly baseline: string;
  /** Confidence of the intervals, 1 - alpha. */
  readonly level: number;
  readonly seeds: readonly number[];
  /** The trials share random streams, so they are no independent pairs. */
  readonly crossed: boolean;
  /** In the order of the manifest: a trial's place is its index. */
  readonly trials: readonly TrialState[];
  /** Those measured so far: the minibatch's first, those of a place in the order of the metric registry. */
  readonly measures: readonly Measure[];
  /** Index of the trial that the last record came from. */
  readonly latestTrial: number | undefined;
  /** Milliseconds since the Unix epoch; absent before the first record. */
  readonly startedAt: number | undefined;
  /** The newest that a look at results told, in words. */
  readonly look?: string | undefined;
  /** Times of the last steps of all trials, as of one. */
  readonly stepTimes: readonly number[];
}

/** Steps over which a speed is averaged. */
const speedWindow = 40;
/** Buckets of a curve: about two for each cell of a terminal of 200 columns. */
const mostBuckets = 512;
const fewestBuckets = 16;
/** Most trials whose curves all have that many buckets; with more trials, each has fewer. */
const wholeTrials = 64;

/**
 * A run before its first record.
 * @param folder as the user would type it
 * @param open indices of the trials that are, or may be, worked on; the others are done
 */
export function initialRunState(
  { config, trials, variance }: Manifest,
  folder: string,
  open: readonly number[] = trials.map(({ index }) => index),
): RunState {
  const toDo = new Set(open);
  return {
    name: config.name,
    folder,
    variants: Object.entries(config.variants).map(([name, { label }]) => ({ name, label })),
    baseline: config.baseline,
    level: 1 - config.decision.alpha,
    seeds: seedsOf({ trials }),
    crossed: variance !== undefined,
    trials: trials.map(({ index, seed, point }) => ({
      index,
      seed,
      point: Object.entries(point)
        .map(([path, value]) => `${path}=${valueText(value)}`)
        .join(' '),
      phase: toDo.has(index) ? 'planned' : 'done',
      isSettled: !toDo.has(index),
      reason: undefined,
      step: 0,
      steps: undefined,
      stepTimes: [],
      diverged: {},
      curves: {},
    })),
    measures: measuresOf('minibatch', undefined, minibatchMetrics(config.evaluation)),
    latestTrial: undefined,
    startedAt: undefined,
    stepTimes: [],
  };
}

/**
 * The state after one more record; the earlier state stays as it was. Steps that a resume trains again may
 * come again or be left out: the state is the same once the trial is past them.
 */
export function reduceRun(state: RunState, record: LogRecord): RunState {
  const before = state.trials[record.trial];
  if (before === undefined) return state;
  const measured = measurementOf(record);
  const trial = advance(before, record);
  const curves = measured
    ? extended(before.curves, measured, bucketsOf(state.trials.length))
    : before.curves;
  return {
    ...state,
    trials: state.trials.with(record.trial, { ...trial, curves }),
    measures:
      measured && isLonger(curves, before.curves)
        ? withMeasures(state.measures, measured)
        : state.measures,
    latestTrial: record.trial,
    startedAt: state.startedAt ?? record.time,
    stepTimes: nextTimes(state.stepTimes, record),
  };
}

/** The state after no process works on a trial any more, whatever its log says, and none will. */
export function settleTrial(state: RunState, index: number): RunState {
  const trial = state.trials[index];
  if (trial === undefined) return state;
  const settled = { ...(trial.phase === 'running' ? left(trial) : trial), isSettled: true };
  return { ...state, trials: state.trials.with(index, settled) };
}

/**
 * The state after trials have become needless, as where a race has dropped their point.
 * @param reason when and why; shown at each of them
 */
export function dropTrials(state: RunState, indices: readonly number[], reason?: string): RunState {
  const dropped = new Set(indices);
  const trials = state.trials.map((trial): TrialState => {
    const isIdle = trial.phase === 'planned' || trial.phase === 'done';
    const isDropped = isIdle && trial.step === 0 && dropped.has(trial.index);
    return isDropped ? { ...trial, phase: 'dropped', isSettled: true, reason } : trial;
  });
  return { ...state, trials };
}

/**
 * The state after news of a look at the results of a race, or of a run that is decided in sequence.
 * @param line in words
 * @param spared indices of the trials that have become needless by it
 */
export function showLook(state: RunState, line: string, spared: readonly number[]): RunState {
  return { ...dropTrials(state, spared, line), look: line };
}

/** The state while no process is working; the time until one does again is not counted. */
export function atRest(state: RunState): RunState {
  const trials = state.trials.map((trial) => (trial.phase === 'running' ? left(trial) : trial));
  return { ...state, trials, startedAt: undefined, stepTimes: [] };
}

function left(trial: TrialState): TrialState {
  return { ...trial, phase: 'unfinished', stepTimes: [] };
}

function advance(trial: TrialState, record: LogRecord): TrialState {
  const stepTimes = nextTimes(trial.stepTimes, record);
  switch (record.event) {
    case 'trial.start':
      return { ...trial, phase: 'running', isSettled: false, step: 0, steps: record.steps };
    case 'trial.resume': {
      const step = Math.min(trial.step, record.step);
      return { ...trial, phase: 'running', isSettled: false, reason: undefined, step, stepTimes };
    }
    case 'step': {
      const { step, variants } = record;
      return {
        ...trial,
        phase: 'running',
        step,
        stepTimes,
        diverged: without(trial, step, variants),
      };
    }
    case 'variant.end': {
      const { variant, step, reason } = record;
      return { ...trial, diverged: { ...trial.diverged, [variant]: { step, reason } } };
    }
    case 'trial.end': {
      const { outcome, reason, step } = record;
      // The others may be resumed.
      const isSettled = outcome === 'completed' || outcome === 'diverged';
      return { ...trial, phase: outcome, reason, step, isSettled };
    }
    case 'evaluation':
    case 'checkpoint':
    case 'variant.stop':
      return trial;
  }
}

/** A variant that is trained beyond the step at which it had diverged, resumed elsewhere, has not. */
function without({ diverged }: TrialState, step: number, variants: object): TrialState['diverged'] {
  const isBack = ([name, end]: readonly [string, { readonly step: number }]) =>
    step > end.step && Object.hasOwn(variants, name);
  const entries = Object.entries(diverged);
  return entries.some(isBack)
    ? Object.fromEntries(entries.filter((entry) => !isBack(entry)))
    : diverged;
}

/** A score of a variant, as a record has it. */
export interface MeasuredPoint {
  /** Of the {@link Measure}. */
  readonly key: string;
  readonly variant: string;
  readonly step: number;
  /** NaN or infinite where the variant has diverged. */
  readonly value: number;
}

/** All scores of a record. */
export function measuredPoints(record: LogRecord): MeasuredPoint[] {
  const measured = measurementOf(record);
  if (measured === undefined) return [];
  const { step, place, examples, variants } = measured;
  return Object.entries(variants).flatMap(([variant, { scores }]) =>
    Object.entries(scores).map(([metric, score]) => ({
      key: keyOf(place, examples, metric),
      variant,
      step,
      value: fromMetric(score),
    })),
  );
}

interface Measurement {
  readonly step: number;
  readonly place: string;
  readonly examples?: number;
  readonly variants: Readonly<Record<string, RecordedScores>>;
}

function measurementOf(record: LogRecord): Measurement | undefined {
  if (record.event === 'step') return { ...record, place: 'minibatch' };
  if (record.event === 'evaluation') return { ...record, place: record.split };
  return undefined;
}

function extended(
  curves: TrialState['curves'],
  { step, place, examples, variants }: Measurement,
  most: number,
): TrialState['curves'] {
  const next: Record<string, Record<string, Curve>> = {};
  for (const [name, { scores }] of Object.entries(variants)) {
    for (const [metric, score] of Object.entries(scores)) {
      const key = keyOf(place, examples, metric);
      const ofAll = (next[key] ??= { ...curves[key] });
      const point = { step, value: fromMetric(score) };
      ofAll[name] = extendCurve(ofAll[name] ?? emptyCurve, point, most);
    }
  }
  return { ...curves, ...next };
}

/** Whether the trial has measured something new; otherwise all its measures are known. */
function isLonger(curves: TrialState['curves'], before: TrialState['curves']): boolean {
  return Object.keys(curves).length > Object.keys(before).length;
}

function withMeasures(
  known: readonly Measure[],
  { place, examples, variants }: Measurement,
): readonly Measure[] {
  const names = new Set(Object.values(variants).flatMap(({ scores }) => Object.keys(scores)));
  const isNew = (name: string) => !known.some(({ key }) => key === keyOf(place, examples, name));
  if (![...names].some(isNew)) return known;
  const ordered = metricNames.filter((name) => names.has(name));
  const isOther = (measure: Measure) => measure.place !== place || measure.examples !== examples;
  const [others, these] = [known.filter(isOther), measuresOf(place, examples, ordered)];
  return place === 'minibatch' ? [...these, ...others] : [...others, ...these];
}

function measuresOf(
  place: string,
  examples: number | undefined,
  names: readonly string[],
): readonly Measure[] {
  return names.map((metric) => ({
    key: keyOf(place, examples, metric),
    place,
    ...(examples !== undefined && { examples }),
    metric,
  }));
}

function keyOf(place: string, examples: number | undefined, metric: string): string {
  return `${place} ${examples === undefined ? '' : `${examples} `}${metric}`;
}

/** The time a trial lay still says nothing about its speed. */
function nextTimes(times: readonly number[], { event, time }: LogRecord): readonly number[] {
  if (event === 'trial.resume') return [];
  return event === 'step' ? [...times, time].slice(-speedWindow) : times;
}

function bucketsOf(trials: number): number {
  const share = mostBuckets * Math.min(1, wholeTrials / trials);
  return Math.max(fewestBuckets, 2 ** Math.floor(Math.log2(share)));
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
