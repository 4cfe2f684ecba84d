import type { LogRecord, Outcome, StepRecord } from '../log/records.js';
import type { EngineDescription } from '../protocol/index.js';
import { challengersOf, scoreDifferences, variantScores } from '../run/measurements.js';
import { metricKind } from '../metrics/registry.js';
import type { ScoreHistory } from '../run/measurements.js';
import { lastMeasured, placesOf, scoresAt } from '../run/places.js';
import type { Place } from '../run/places.js';
import { trialHistory } from '../run/trial-history.js';

export interface VariantSummary extends ScoreHistory {
  readonly label: string;
  /** Number of trainable parameters. */
  readonly parameters: number;
  /** Milliseconds over all steps: updates, and evaluations on the minibatch. */
  readonly trainMs: number;
  readonly evalMs: number;
}

/** One trial: a seed, all its variants together. */
export interface TrialSummary {
  readonly trial: number;
  readonly seed: number;
  readonly baseline: string;
  readonly engine: Pick<EngineDescription, 'name' | 'version' | 'device'>;
  /** Absent while the trial has not ended. */
  readonly outcome?: Outcome;
  readonly reason?: string;
  /** Steps planned and the last step trained. */
  readonly steps: number;
  readonly step: number;
  /** How often the trial was resumed. */
  readonly resumes: number;
  readonly variants: Readonly<Record<string, VariantSummary>>;
  /** Challenger - baseline, by challenger. */
  readonly delta: Readonly<Record<string, ScoreHistory>>;
}

/** Mean and sample standard deviation (n - 1); both NaN where n is too small for them. */
export interface Sample {
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
}

/** The challenger - baseline differences of the pairs, one pair a seed. */
export interface DifferenceSample extends Sample {
  /** Pairs where the challenger is better, as good, and worse (or not a number). */
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
}

/** One score over the completed trials, as last measured in each. */
export interface ScoreSummary extends Place {
  readonly score: string;
  readonly variants: Readonly<Record<string, Sample>>;
  readonly delta: Readonly<Record<string, DifferenceSample>>;
}

/** All trials of one configuration, one for each seed. */
export interface RunSummary {
  readonly baseline: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly completed: number;
  /** In order; those that did not complete count in no score. */
  readonly trials: readonly TrialSummary[];
  readonly scores: readonly ScoreSummary[];
}

/** Milliseconds by variant. */
export type Times = Readonly<Record<string, Pick<VariantSummary, 'trainMs' | 'evalMs'>>>;

/**
 * @param records of the steps, the last is enough where `times` are given
 * @param times over all steps. Default: those of the records
 * @throws LockstepError `data` when the log lacks its trial.start
 */
export function summarizeTrial(records: Iterable<LogRecord>, times?: Times): TrialSummary {
  const history = trialHistory(records);
  const { start, steps, end, resumes } = history;
  const spent = times ?? steps.reduce(addTimes, {});
  const { name, version, device } = start.engine;
  return {
    trial: start.trial,
    seed: start.seed,
    baseline: start.baseline,
    engine: { name, version, device },
    ...(end && { outcome: end.outcome }),
    ...(end?.reason !== undefined && { reason: end.reason }),
    steps: start.steps,
    step: steps.at(-1)?.step ?? 0,
    resumes,
    variants: Object.fromEntries(
      Object.entries(start.variants).map(([key, { label, parameters }]) => [
        key,
        {
          label,
          parameters,
          ...variantScores(history, key),
          ...(spent[key] ?? { trainMs: 0, evalMs: 0 }),
        },
      ]),
    ),
    delta: Object.fromEntries(
      challengersOf(history).map((key) => [key, scoreDifferences(history, key)]),
    ),
  };
}

/**
 * Brings the trials of one configuration together: one sweep point and its seeds, not several
 * points. Only completed trials count in the scores, each with its last measurement.
 */
export function summarizeRun(trials: readonly TrialSummary[]): RunSummary {
  const first = trials[0];
  const completed = trials.filter(({ outcome }) => outcome === 'completed');
  const variants = Object.entries(first?.variants ?? {});
  return {
    baseline: first?.baseline ?? '',
    labels: Object.fromEntries(variants.map(([name, { label }]) => [name, label])),
    completed: completed.length,
    trials,
    scores: placesOf(completed).flatMap((place) =>
      scoresAt(completed, place).map((score) => summarizeScore(completed, place, score)),
    ),
  };
}

function summarizeScore(
  trials: readonly TrialSummary[],
  place: Place,
  score: string,
): ScoreSummary {
  const values = (histories: readonly (ScoreHistory | undefined)[]) =>
    histories.flatMap((history) => {
      const value = history && lastMeasured(history, place)?.scores[score];
      return value === undefined ? [] : [value];
    });
  const { variants = {}, delta = {} } = trials[0] ?? {};
  return {
    score,
    ...place,
    variants: Object.fromEntries(
      Object.keys(variants).map((name) => [
        name,
        sample(values(trials.map((trial) => trial.variants[name]))),
      ]),
    ),
    delta: Object.fromEntries(
      Object.keys(delta).map((name) => {
        const differences = values(trials.map((trial) => trial.delta[name]));
        return [name, differenceSample(differences, metricKind(score).better === 'lower' ? -1 : 1)];
      }),
    ),
  };
}

function sample(values: readonly number[]): Sample {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : NaN };
}

/** @param better the sign of a difference in the challenger's favour */
function differenceSample(differences: readonly number[], better: 1 | -1): DifferenceSample {
  const wins = differences.filter((difference) => difference * better > 0).length;
  const ties = differences.filter((difference) => difference === 0).length;
  return { ...sample(differences), wins, ties, losses: differences.length - wins - ties };
}

/** The times with those of one more step. */
export function addTimes(times: Times, { variants }: StepRecord): Times {
  return {
    ...times,
    ...Object.fromEntries(
      Object.entries(variants).map(([name, { trainMs, evalMs }]) => {
        const before = times[name] ?? { trainMs: 0, evalMs: 0 };
        return [name, { trainMs: before.trainMs + trainMs, evalMs: before.evalMs + evalMs }];
      }),
    ),
  };
}
