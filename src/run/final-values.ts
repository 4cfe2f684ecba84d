import { fromMetric } from '../log/records.js';
import type { Metric as Spelled } from '../log/records.js';
import { betterOfQuantity } from '../metrics/registry.js';
import type { Direction } from '../statistics/verdict.js';
import type { ScoreHistory } from './measurements.js';
import type { TrialResult } from './result.js';

/** What trials are compared by: a score on a split, or on the last step's minibatch. */
export interface FinalMetric {
  /** For instance `test.accuracy` or `minibatch.loss`. */
  readonly name: string;
  readonly place: string;
  readonly score: string;
  readonly direction: Direction;
}

/** @param direction default: that of the metric as Lockstep measures it */
export function finalMetric(name: string, direction = betterOfQuantity(name)): FinalMetric {
  const dot = name.indexOf('.');
  return { name, place: name.slice(0, dot), score: name.slice(dot + 1), direction };
}

/** The last value measured; null where there is none, or none that is finite. */
export function metricValue(
  history: ScoreHistory<Spelled> | undefined,
  { place, score }: Pick<FinalMetric, 'place' | 'score'>,
): number | null {
  const value = fromMetric(lastScores(history, place)?.[score] ?? 'NaN');
  return Number.isFinite(value) ? value : null;
}

function lastScores(history: ScoreHistory<Spelled> | undefined, place: string) {
  if (place === 'imported') return history?.imported;
  if (place === 'minibatch') return history?.final?.scores;
  return history?.evaluations.findLast(({ split }) => split === place)?.scores;
}

/**
 * The variants of a trial whose values count: those that trained to its end. A trial stops early where the
 * baseline, or every challenger, has diverged.
 * @param variants of a trial that completed or diverged
 */
export function finishedVariants(
  variants: Readonly<Record<string, { readonly diverged?: unknown }>>,
  baseline: string,
): string[] {
  const names = Object.keys(variants);
  const lost = (name: string) => variants[name]?.diverged !== undefined;
  const challengers = names.filter((name) => name !== baseline);
  const stopped = lost(baseline) || (challengers.length > 0 && challengers.every(lost));
  return stopped ? [] : names.filter((name) => !lost(name));
}

/** What is known of a trial that its result says. */
interface Ended {
  readonly result?: Pick<TrialResult, 'variants'> | undefined;
}

/** The metric of one variant in a trial; null where it did not train to the end. */
export function valueOf(
  trial: Ended | undefined,
  variant: string,
  { metric, baseline }: { readonly metric: FinalMetric; readonly baseline: string },
): number | null {
  const variants = trial?.result?.variants;
  if (!variants || !finishedVariants(variants, baseline).includes(variant)) return null;
  return metricValue(variants[variant], metric);
}

/** The variants of a trial that diverged. */
export function divergedVariants(trial: Ended | undefined): string[] {
  return Object.entries(trial?.result?.variants ?? {}).flatMap(([name, { diverged }]) =>
    diverged === undefined ? [] : [name],
  );
}
