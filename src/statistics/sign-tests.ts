import { type Computed, computed, notComputable } from './computable.js';
import { fairCoinTwoSided } from './distributions.js';
import { powerOfTwoScale, sum } from './moments.js';
import { randomSigns } from './random-signs.js';

export interface SignTest {
  /** Pairs with a positive difference. */
  readonly positive: number;
  /** Pairs with exactly the same value. */
  readonly ties: number;
  readonly negative: number;
  /** Two-sided exact p over the pairs that are not ties; 1 when all are. */
  readonly p: number;
}

/**
 * The exact sign test (Dixon & Mood, JASA 41, 1946): are positive differences as likely as negative
 * ones? Assumes independent pairs and nothing about the sizes of the differences. Ties say nothing
 * about direction and are left out of p, but counted.
 *
 * @param differences challenger - baseline, one a pair
 */
export function signTest(differences: readonly number[]): SignTest {
  const positive = differences.filter((d) => d > 0).length;
  const negative = differences.filter((d) => d < 0).length;
  return {
    positive,
    ties: differences.length - positive - negative,
    negative,
    p: fairCoinTwoSided(positive, positive + negative),
  };
}

/** How the pairs came out for the challenger. */
export interface Wins {
  /** Pairs where it is better. */
  readonly wins: number;
  /** Pairs with the same value. */
  readonly ties: number;
  /** Pairs where it is worse, or not a number. */
  readonly losses: number;
}

/** @param differences challenger - baseline, `settled`: ties are exact */
export function countWins(differences: readonly number[], better: 'higher' | 'lower'): Wins {
  const sign = better === 'higher' ? 1 : -1;
  const wins = differences.filter((difference) => difference * sign > 0).length;
  const ties = differences.filter((difference) => difference === 0).length;
  return { wins, ties, losses: differences.length - wins - ties };
}

/** Up to here the test enumerates all sign patterns (two sorted lists of 2^20 half-sums). */
export const largestExactSignFlip = 40;
/** Random sign patterns for more pairs; the observed pattern is one more. */
export const signFlipDraws = 99_999;

/** Relative to the sum of the magnitudes: how much summing in another order may change the result. */
export const summationNoise = 1e-12;

export interface SignFlipOptions {
  /** Default `twoSided`. `greater`: is the mean above 0? */
  readonly alternative?: 'twoSided' | 'greater';
  /**
   * The possible error of each difference, in its unit: sums closer than that to the observed one count as
   * at least as extreme. Default: 0; the error of the summation itself is always added.
   */
  readonly noise?: number;
}

export interface SignFlip {
  readonly n: number;
  readonly p: number;
  /** The smallest p that any differences of this many pairs could give. */
  readonly smallestP: number;
  readonly method: 'exact' | 'monteCarlo';
  /** Of p, by the random draws; 0 when exact. */
  readonly standardError: number;
}

/**
 * The sign-flip (one-sample permutation) test of a zero mean (Fisher, The Design of Experiments,
 * 1935, §21; Phipson & Smyth, SAGMB 9:39, 2010 for the Monte-Carlo p).
 *
 * Assumes only that under the null each difference is as likely as its negative, which holds
 * exactly when the two variants are interchangeable; no normality. p is the share of the 2^n sign
 * patterns of the differences whose sum is at least as extreme as the observed one. Up to
 * {@link largestExactSignFlip} pairs the count is exact, by meeting in the middle (Horowitz & Sahni,
 * JACM 21, 1974): half-sums are listed in order and pairs of them counted by two pointers. Beyond,
 * p = (1 + hits) / (1 + draws) over {@link signFlipDraws} counter-based random patterns, which keeps
 * the test valid and always gives the same p for the same differences.
 *
 * @param differences challenger - baseline, one a pair
 */
export function signFlipTest(
  differences: readonly number[],
  options: SignFlipOptions = {},
): Computed<SignFlip> {
  const n = differences.length;
  if (n === 0) return notComputable('there are no pairs');
  const { alternative = 'twoSided', noise = 0 } = options;
  const scale = powerOfTwoScale(differences);
  const scaled = differences.map((d) => d / scale);
  // Sorted, so that the order of the pairs cannot change p through rounding.
  const magnitudes = scaled.map(Math.abs).sort((a, b) => a - b);
  const total = sum(magnitudes);
  const signed = sum(scaled);
  const observed = alternative === 'twoSided' ? Math.abs(signed) : signed;
  const threshold = observed - (summationNoise * total + (n * noise) / scale);
  const sides = alternative === 'twoSided' ? 2 : 1;
  if (sides === 2 && threshold <= 0) return signFlipResult(n, sides, 1);
  if (n <= largestExactSignFlip) {
    return signFlipResult(n, sides, (sides * patternsReaching(magnitudes, threshold)) / 2 ** n);
  }
  return monteCarlo(magnitudes, threshold, sides);
}

function signFlipResult(n: number, sides: 1 | 2, p: number): Computed<SignFlip> {
  const exact = n <= largestExactSignFlip;
  const smallestP = exact ? sides / 2 ** n : 1 / (signFlipDraws + 1);
  return computed({
    n,
    p: Math.min(1, p),
    smallestP,
    method: exact ? 'exact' : 'monteCarlo',
    standardError: exact ? 0 : Math.sqrt((p * (1 - p)) / signFlipDraws),
  });
}

/** How many of the 2^n signed sums of the magnitudes are at least `threshold`. */
function patternsReaching(magnitudes: readonly number[], threshold: number): number {
  // A signed sum is the total minus twice the sum of the terms with a minus.
  const limit = (sum(magnitudes) - threshold) / 2;
  // Large and small magnitudes are dealt to both halves; any split counts the same patterns.
  const low = subsetSums(magnitudes.filter((_, i) => i % 2 === 0));
  const high = subsetSums(magnitudes.filter((_, i) => i % 2 === 1));
  let reaching = 0;
  let fitting = high.length;
  for (const part of low) {
    while (fitting > 0 && part + high[fitting - 1]! > limit) fitting--;
    reaching += fitting;
  }
  return reaching;
}

/** All subset sums in ascending order, by merging the list with itself shifted by each value. */
function subsetSums(values: readonly number[]): Float64Array {
  let sums: Float64Array = new Float64Array(1);
  for (const value of values) {
    const merged = new Float64Array(2 * sums.length);
    let without = 0;
    let withValue = 0;
    for (let k = 0; k < merged.length; k++) {
      const a = without < sums.length ? sums[without]! : Infinity;
      const b = withValue < sums.length ? sums[withValue]! + value : Infinity;
      if (a <= b) {
        merged[k] = a;
        without++;
      } else {
        merged[k] = b;
        withValue++;
      }
    }
    sums = merged;
  }
  return sums;
}

function monteCarlo(
  magnitudes: readonly number[],
  threshold: number,
  sides: 1 | 2,
): Computed<SignFlip> {
  const n = magnitudes.length;
  const signs = new Int8Array(n);
  let hits = 0;
  for (let draw = 0; draw < signFlipDraws; draw++) {
    randomSigns(draw, signs);
    let flipped = 0;
    for (let i = 0; i < n; i++) flipped += signs[i]! * magnitudes[i]!;
    if ((sides === 2 ? Math.abs(flipped) : flipped) >= threshold) hits++;
  }
  return signFlipResult(n, sides, (1 + hits) / (1 + signFlipDraws));
}
