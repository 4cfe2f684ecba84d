import type { LogRecord, Outcome, StepRecord } from '../log/records.js';
import type { EngineDescription } from '../protocol/index.js';
import { earlyStop } from '../run/result.js';
import { challengersOf, scoreDifferences, variantScores } from '../run/measurements.js';
import { metricKind } from '../metrics/registry.js';
import type { ScoreHistory } from '../run/measurements.js';
import { lastMeasured, placesOf, scoresAt } from '../run/places.js';
import type { Place } from '../run/places.js';
import { mean, noiseFloor, settled, standardDeviation } from '../statistics/moments.js';
import { countWins } from '../statistics/sign-tests.js';
import type { Wins } from '../statistics/sign-tests.js';
import { earlyStopsOf } from './early-stops.js';
import type { EarlyStop, EarlyStops } from './early-stops.js';
import { finishedVariants } from '../run/final-values.js';
import { trialHistory } from '../run/trial-history.js';
import type { TrialHistory } from '../run/trial-history.js';

export interface VariantSummary extends ScoreHistory {
  readonly label: string;
  /** Number of trainable parameters. */
  readonly parameters?: number | undefined;
  /** Where it dropped out, if it did. */
  readonly diverged?: { readonly step: number; readonly reason: string };
  /** The end of its training, with early stopping. */
  readonly stopped?: EarlyStop;
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
export type DifferenceSample = Sample & Wins;

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
  /** Of the trials that ended, by variant; absent without early stopping. */
  readonly earlyStopping?: Readonly<Record<string, EarlyStops>> | undefined;
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
          ...divergence(history, key),
          ...earlyStop(history, key),
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
 * points. Scores are the last of each variant, in the trials that it trained to the end; a difference is
 * counted where both variants did.
 */
export function summarizeRun(trials: readonly TrialSummary[]): RunSummary {
  const first = trials[0];
  const variants = Object.entries(first?.variants ?? {});
  const ended = trials.filter(({ outcome }) => outcome === 'completed' || outcome === 'diverged');
  const counted = ended.map((trial): CountedTrial => {
    return { trial, finished: new Set(finishedVariants(trial.variants, trial.baseline)) };
  });
  return {
    baseline: first?.baseline ?? '',
    labels: Object.fromEntries(variants.map(([name, { label }]) => [name, label])),
    completed: trials.filter(({ outcome }) => outcome === 'completed').length,
    trials,
    scores: placesOf(ended).flatMap((place) =>
      scoresAt(ended, place).map((score) => summarizeScore(counted, place, score)),
    ),
    earlyStopping: earlyStopsOf(
      ended.map((trial) => trial.variants),
      variants.map(([name]) => name),
    ),
  };
}

interface CountedTrial {
  readonly trial: TrialSummary;
  /** The variants that trained to the end. */
  readonly finished: ReadonlySet<string>;
}

function summarizeScore(
  trials: readonly CountedTrial[],
  place: Place,
  score: string,
): ScoreSummary {
  const values = (
    names: readonly string[],
    pick: (trial: TrialSummary) => ScoreHistory | undefined,
  ) =>
    trials
      .filter(({ finished }) => names.every((name) => finished.has(name)))
      .flatMap(({ trial }) => {
        const history = pick(trial);
        const value = history && lastMeasured(history, place)?.scores[score];
        return value === undefined ? [] : [value];
      });
  const { variants = {}, delta = {}, baseline = '' } = trials[0]?.trial ?? {};
  const own = Object.keys(variants).map(
    (name) => [name, values([name], (trial) => trial.variants[name])] as const,
  );
  const noise = noiseFloor(...own.map(([, sample]) => sample.filter(Number.isFinite)));
  const { better } = metricKind(score);
  return {
    score,
    ...place,
    variants: Object.fromEntries(own.map(([name, sample]) => [name, sampleOf(sample)])),
    delta: Object.fromEntries(
      Object.keys(delta).map((name) => {
        const differences = settled(
          values([baseline, name], (trial) => trial.delta[name]),
          noise,
        );
        return [name, { ...sampleOf(differences), ...countWins(differences, better) }];
      }),
    ),
  };
}

function sampleOf(values: readonly number[]): Sample {
  const n = values.length;
  return { n, mean: mean(values), sd: n > 1 ? standardDeviation(values) : NaN };
}

function divergence({ variantEnds }: TrialHistory, variant: string) {
  const end = variantEnds.find((record) => record.variant === variant);
  return end && { diverged: { step: end.step, reason: end.reason } };
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
