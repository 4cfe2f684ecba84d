import { stepsPerSecond } from './live-state.js';
import { fromMetric } from '../log/records.js';
import type { LogRecord, Outcome, RecordedScores, TrialStartRecord } from '../log/records.js';
import type { Manifest } from '../run/manifest.js';
import { emptyCurve, extendCurve } from './thin-curve.js';
import type { ThinCurve } from './thin-curve.js';

/** What is measured: a score on the minibatches of the steps, or on the first examples of a split. */
export interface ScreenMetric {
  /** Tells metrics apart: `training loss`, `test 512 accuracy`. */
  readonly key: string;
  /** How it is spoken of: `training loss`, `test accuracy`. */
  readonly name: string;
  readonly score: 'loss' | 'accuracy';
  /** Absent: those of the minibatch. */
  readonly examples?: number;
}

/** `planned`: it has logged nothing yet; `unfinished`: it has no end, and no process works on it. */
type ScreenTrialState = 'planned' | 'running' | 'unfinished' | Outcome;

export interface ScreenTrial {
  readonly index: number;
  readonly seed: number;
  /** What the sweep sets, for instance `optimizer.learningRate=0.1`; empty without a sweep. */
  readonly point: string;
  readonly state: ScreenTrialState;
  /** Why it did not complete, where it says so. */
  readonly reason: string | undefined;
  /** The last step that was logged; 0 before the first. */
  readonly step: number;
  /** Planned steps; absent before it has started. */
  readonly steps: number | undefined;
  /** Times of its last steps, in milliseconds since the Unix epoch, ascending; since it last resumed. */
  readonly stepTimes: readonly number[];
  /** By the metric's key, then by the variant's name. */
  readonly curves: Readonly<Record<string, Readonly<Record<string, ThinCurve>>>>;
}

/** What the screen knows of a run: its manifest, and what its records have said. Bounded in size. */
export interface ScreenState {
  readonly name: string;
  /** The run's folder as the user would type it. */
  readonly folder: string;
  /** Names and labels, in the configuration's order. */
  readonly variants: readonly { readonly name: string; readonly label: string }[];
  readonly baseline: string;
  /** Confidence of the intervals, 1 - alpha. */
  readonly level: number;
  /** In the order of the manifest. */
  readonly trials: readonly ScreenTrial[];
  /** Those measured so far, training first. */
  readonly metrics: readonly ScreenMetric[];
}

/** Steps over which a trial's rate is averaged. */
const rateWindow = 40;
/** A trial that has been silent for so many times its usual step, and so many milliseconds, has no rate. */
const silentSteps = 10;
const silentFor = 3000;

export function initialScreenState({ config, trials }: Manifest, folder: string): ScreenState {
  return {
    name: config.name,
    folder,
    variants: Object.entries(config.variants).map(([name, { label }]) => ({ name, label })),
    baseline: config.baseline,
    level: 1 - config.decision.alpha,
    trials: trials.map(({ index, seed, point }) => ({
      index,
      seed,
      point: Object.entries(point)
        .map(([path, value]) => `${path}=${valueText(value)}`)
        .join(' '),
      state: 'planned',
      reason: undefined,
      step: 0,
      steps: undefined,
      stepTimes: [],
      curves: {},
    })),
    metrics: [metricOf('training', 'loss'), metricOf('training', 'accuracy')],
  };
}

/** The state after one more record; each record is to be given once. The earlier state stays as it was. */
export function reduceScreen(state: ScreenState, record: LogRecord): ScreenState {
  const at = state.trials.findIndex(({ index }) => index === record.trial);
  const trial = state.trials[at];
  if (trial === undefined) return state;
  const metrics =
    record.event === 'evaluation'
      ? withMetrics(state.metrics, record.split, record.examples)
      : state.metrics;
  return { ...state, metrics, trials: state.trials.with(at, advance(trial, record)) };
}

/** The state as it is shown while no process is at work. */
export function withoutProcesses(state: ScreenState): ScreenState {
  const trials = state.trials.map((trial): ScreenTrial =>
    trial.state === 'running' ? { ...trial, state: 'unfinished' } : trial,
  );
  return { ...state, trials };
}

/** Steps a second of a trial, lately; undefined while unknown and when it has fallen silent. */
export function trialRate(trial: ScreenTrial, now: number): number | undefined {
  if (trial.state === 'unfinished') return undefined;
  const rate = stepsPerSecond(trial);
  if (rate === undefined || trial.state !== 'running') return rate;
  const silence = now - (trial.stepTimes.at(-1) ?? now);
  return silence > Math.max(silentFor, (silentSteps * 1000) / rate) ? undefined : rate;
}

function advance(trial: ScreenTrial, record: LogRecord): ScreenTrial {
  switch (record.event) {
    case 'trial.start':
      return started(trial, record);
    case 'trial.resume':
      // The time it lay still says nothing about its speed.
      return { ...trial, state: 'running', reason: undefined, stepTimes: [] };
    case 'step':
      return {
        ...trial,
        state: 'running',
        step: record.step,
        stepTimes: [...trial.stepTimes, record.time].slice(-rateWindow),
        curves: withScores(trial.curves, 'training', record.step, record.variants),
      };
    case 'evaluation': {
      const place = `${record.split} ${record.examples}`;
      return { ...trial, curves: withScores(trial.curves, place, record.step, record.variants) };
    }
    case 'checkpoint':
    case 'variant.end':
      return trial;
    case 'trial.end':
      return { ...trial, state: record.outcome, reason: record.reason };
  }
}

function started(trial: ScreenTrial, { steps }: TrialStartRecord): ScreenTrial {
  return { ...trial, state: 'running', steps };
}

function withScores(
  curves: ScreenTrial['curves'],
  place: string,
  step: number,
  variants: Readonly<Record<string, RecordedScores>>,
): ScreenTrial['curves'] {
  const next = { ...curves };
  for (const score of ['loss', 'accuracy'] as const) {
    const key = `${place} ${score}`;
    const extended = { ...next[key] };
    for (const [name, { scores }] of Object.entries(variants)) {
      extended[name] = extendCurve(
        extended[name] ?? emptyCurve,
        step,
        fromMetric(scores[score] ?? 'NaN'),
      );
    }
    next[key] = extended;
  }
  return next;
}

function withMetrics(
  metrics: readonly ScreenMetric[],
  split: string,
  examples: number,
): readonly ScreenMetric[] {
  if (metrics.some(({ key }) => key === `${split} ${examples} loss`)) return metrics;
  return [...metrics, metricOf(split, 'loss', examples), metricOf(split, 'accuracy', examples)];
}

function metricOf(place: string, score: 'loss' | 'accuracy', examples?: number): ScreenMetric {
  const key = examples === undefined ? `${place} ${score}` : `${place} ${examples} ${score}`;
  return { key, name: `${place} ${score}`, score, ...(examples !== undefined && { examples }) };
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
