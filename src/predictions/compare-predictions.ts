import type { Computed } from '../statistics/computable.js';
import { mcnemar } from '../statistics/mcnemar.js';
import type { McNemar } from '../statistics/mcnemar.js';
import { twoLevelInterval } from '../statistics/two-level.js';
import type { TwoLevel } from '../statistics/two-level.js';
import type { TrialPredictions } from './predictions-file.js';

/** A challenger against the baseline, example by example. */
export interface PredictionComparison {
  readonly baseline: string;
  readonly challenger: string;
  /** How many of the test split's first examples were predicted. */
  readonly examples: number;
  /** One test a seed, in the order of the trials: never pooled. */
  readonly seeds: readonly { readonly seed: number; readonly test: McNemar }[];
  /** Mean difference in accuracy, seeds and examples both taken as samples. */
  readonly interval: Computed<TwoLevel>;
  /** Most disagreed on first. */
  readonly disagreements: readonly Disagreement[];
}

/** An example that the two predicted differently in at least one seed. */
export interface Disagreement {
  /** Position in the test split, from 0. */
  readonly example: number;
  readonly label: number;
  /** In how many of the seeds the two predictions differ. */
  readonly seeds: number;
  readonly baseline: Votes;
  readonly challenger: Votes;
}

/** One variant's predictions of an example, over the seeds. */
export interface Votes {
  /** In how many seeds it was right. */
  readonly right: number;
  /** Every predicted class and in how many seeds, the most frequent first. */
  readonly classes: readonly { readonly class: number; readonly seeds: number }[];
}

export interface CompareOptions {
  readonly baseline: string;
  readonly challenger: string;
  /** The level of the confidence interval, for instance 0.95. */
  readonly level: number;
  /** How many disagreements are listed, at most. */
  readonly listed: number;
}

/**
 * Compares two variants of one configuration on the examples that all trials predicted.
 * @param trials one a seed; at least one, all with both variants and the same number of examples
 * @param labels `[at least examples]` true classes of the test split
 */
export function comparePredictions(
  trials: readonly Pick<TrialPredictions, 'seed' | 'variants'>[],
  labels: ArrayLike<number>,
  { baseline, challenger, level, listed }: CompareOptions,
): PredictionComparison {
  const pairs = trials.map(({ seed, variants }) => ({
    seed,
    baseline: variants[baseline]!,
    challenger: variants[challenger]!,
  }));
  const examples = pairs[0]!.baseline.length;
  const right = (predictions: Uint8Array) =>
    predictions.map((predicted, example) => (predicted === labels[example] ? 1 : 0));
  const correct = pairs.map((pair) => ({
    seed: pair.seed,
    baseline: right(pair.baseline),
    challenger: right(pair.challenger),
  }));
  return {
    baseline,
    challenger,
    examples,
    seeds: correct.map((pair) => ({
      seed: pair.seed,
      test: mcnemar(pair.baseline, pair.challenger),
    })),
    interval: twoLevelInterval(
      correct.map((pair) => Int8Array.from(pair.challenger, (ours, e) => ours - pair.baseline[e]!)),
      level,
    ),
    disagreements: mostDisagreed(pairs, labels, listed),
  };
}

interface Pair {
  readonly baseline: Uint8Array;
  readonly challenger: Uint8Array;
}

/** By seeds that differ, then by how one-sided the difference is, then by position. */
function mostDisagreed(
  pairs: readonly Pair[],
  labels: ArrayLike<number>,
  listed: number,
): Disagreement[] {
  const candidates = Array.from(pairs[0]!.baseline, (_, example) => ({
    example,
    seeds: pairs.filter((pair) => pair.baseline[example] !== pair.challenger[example]).length,
    lead: Math.abs(
      rightIn(pairs, 'challenger', example, labels) - rightIn(pairs, 'baseline', example, labels),
    ),
  })).filter(({ seeds }) => seeds > 0);
  candidates.sort((a, b) => b.seeds - a.seeds || b.lead - a.lead || a.example - b.example);
  return candidates.slice(0, listed).map(({ example, seeds }) => ({
    example,
    label: labels[example]!,
    seeds,
    baseline: votes(pairs, 'baseline', example, labels),
    challenger: votes(pairs, 'challenger', example, labels),
  }));
}

function rightIn(
  pairs: readonly Pair[],
  side: keyof Pair,
  example: number,
  labels: ArrayLike<number>,
): number {
  return pairs.filter((pair) => pair[side][example] === labels[example]).length;
}

function votes(
  pairs: readonly Pair[],
  side: keyof Pair,
  example: number,
  labels: ArrayLike<number>,
): Votes {
  const counts = new Map<number, number>();
  for (const pair of pairs) {
    const predicted = pair[side][example]!;
    counts.set(predicted, (counts.get(predicted) ?? 0) + 1);
  }
  return {
    right: counts.get(labels[example]!) ?? 0,
    classes: [...counts]
      .sort(([a, seedsA], [b, seedsB]) => seedsB - seedsA || a - b)
      .map(([predicted, seeds]) => ({ class: predicted, seeds })),
  };
}
