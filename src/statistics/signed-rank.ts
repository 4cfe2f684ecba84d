import { count } from '../text/numbers.js';
import {
  type Computed,
  type Interval,
  type NotComputable,
  computed,
  notComputable,
} from './computable.js';
import { normalCdf, normalUpperQuantile } from './distributions.js';
import { powerOfTwoScale } from './moments.js';

/** Beyond this many pairs the exact distribution of a rank sum gives way to the normal one. */
export const largestExactSignedRank = 300;

/**
 * The null distribution of a sum of ranks, each counted with probability 1/2 (Wilcoxon's signed-rank
 * statistic), by adding one rank at a time.
 *
 * @param doubledRanks twice the ranks, so that midranks of ties are whole numbers
 * @returns `[i]` is the probability that twice the rank sum is i
 */
function signedRankProbabilities(doubledRanks: readonly number[]): Float64Array {
  const largest = doubledRanks.reduce((total, rank) => total + rank, 0);
  const probabilities = new Float64Array(largest + 1);
  probabilities[0] = 1;
  let reached = 0;
  for (const rank of doubledRanks) {
    reached += rank;
    for (let i = reached; i >= 0; i--) {
      const withRank = i >= rank ? probabilities[i - rank]! : 0;
      probabilities[i] = (probabilities[i]! + withRank) / 2;
    }
  }
  return probabilities;
}

export interface Wilcoxon {
  /** Pairs that differ: zero differences have no sign to rank. */
  readonly n: number;
  /** Pairs left out because they do not differ. */
  readonly zeros: number;
  /** The smaller of the two rank sums. */
  readonly w: number;
  /** Rank sum of the positive differences. */
  readonly positiveRankSum: number;
  /** Two-sided, by the classical distribution, which knows no ties. */
  readonly p: number;
  /** Two-sided, exact given the ties; `null` with the normal approximation. Without ties it is `p`. */
  readonly pGivenTies: number | null;
  readonly method: 'exact' | 'normal';
}

/**
 * Wilcoxon's signed-rank test (Wilcoxon, Biometrics Bulletin 1, 1945).
 *
 * Assumes independent pairs whose differences are symmetric under the null. Zero differences are
 * left out (Wilcoxon's own rule) and tied magnitudes share their mean rank; magnitudes tie when they
 * are the same number (see `settled`). Up to {@link largestExactSignedRank} pairs that differ there
 * are two p values: `p` by the distribution of the ranks 1 … n, a W between whole numbers rounded up
 * (scipy's `wilcoxon(method='exact')`, and what tables give), and `pGivenTies` by the distribution
 * of the very ranks at hand (scipy's `method=PermutationMethod()`). Beyond, `p` is the normal
 * approximation with the tie correction of the variance (scipy's `method='asymptotic'`).
 *
 * @param differences challenger - baseline, one a pair
 */
export function wilcoxon(differences: readonly number[]): Computed<Wilcoxon> {
  const nonZero = differences.filter((d) => d !== 0);
  const n = nonZero.length;
  if (n === 0) {
    const none = differences.length === 0;
    return notComputable(none ? 'there are no pairs' : 'all differences are 0');
  }
  const doubled = doubledMidranks(nonZero.map(Math.abs));
  const doubledTotal = n * (n + 1);
  const doubledPositive = nonZero.reduce((total, d, i) => total + (d > 0 ? doubled[i]! : 0), 0);
  const doubledW = Math.min(doubledPositive, doubledTotal - doubledPositive);
  const exact = n <= largestExactSignedRank;
  return computed({
    n,
    zeros: differences.length - n,
    w: doubledW / 2,
    positiveRankSum: doubledPositive / 2,
    p: exact ? exactP(untied(n), 2 * Math.ceil(doubledW / 2)) : normalP(doubled, doubledW),
    pGivenTies: exact ? exactP(doubled, doubledW) : null,
    method: exact ? 'exact' : 'normal',
  });
}

/** Twice the rank of each magnitude from 1, ties sharing the mean of theirs. */
function doubledMidranks(magnitudes: readonly number[]): number[] {
  const order = magnitudes.map((_, i) => i).sort((a, b) => magnitudes[a]! - magnitudes[b]!);
  const ranks = new Array<number>(magnitudes.length);
  let start = 0;
  while (start < order.length) {
    let end = start;
    while (end < order.length && magnitudes[order[end]!] === magnitudes[order[start]!]) end++;
    for (let k = start; k < end; k++) ranks[order[k]!] = start + 1 + end;
    start = end;
  }
  return ranks;
}

function untied(n: number): number[] {
  return Array.from({ length: n }, (_, i) => 2 * (i + 1));
}

function exactP(doubledRanks: readonly number[], doubledW: number): number {
  const probabilities = signedRankProbabilities(doubledRanks);
  let tail = 0;
  for (let i = 0; i <= doubledW; i++) tail += probabilities[i]!;
  return Math.min(1, 2 * tail);
}

/** The variance of a rank sum is a quarter of the sum of the squared ranks, ties or not. */
function normalP(doubledRanks: readonly number[], doubledW: number): number {
  const total = doubledRanks.reduce((sum, rank) => sum + rank, 0);
  const squares = doubledRanks.reduce((sum, rank) => sum + rank * rank, 0);
  return Math.min(1, 2 * normalCdf((doubledW - total / 2) / Math.sqrt(squares / 4)));
}

export interface HodgesLehmann {
  /** The pseudo-median of the differences, in the metric's unit. */
  readonly estimate: number;
  /** `level` is what was asked for; the interval's own confidence is `attained` or, beyond 300 pairs, about that. */
  readonly interval: Computed<Interval & { readonly attained: number }>;
}

/**
 * The Hodges-Lehmann estimate: the median of the means of all pairs of differences, each with itself
 * too (Hodges & Lehmann, Annals of Mathematical Statistics 34, 1963), with the confidence interval
 * that inverts Wilcoxon's signed-rank test (Hollander, Wolfe & Chicken, Nonparametric Statistical
 * Methods, 3rd ed., 2014, §3.3).
 *
 * Assumes independent pairs with symmetric differences; one wild seed moves it little. The interval
 * is conservative: its exact confidence, `attained`, is the smallest attainable one at or above
 * `level`. Few pairs have none: 95% needs 6.
 *
 * @param differences challenger - baseline, one a pair
 * @param level confidence asked for, 1 - alpha
 */
export function hodgesLehmann(
  differences: readonly number[],
  level: number,
): Computed<HodgesLehmann> {
  const n = differences.length;
  if (n === 0) return notComputable('there are no pairs');
  const scale = powerOfTwoScale(differences);
  const averages = walshAverages(differences.map((d) => d / scale));
  const last = averages.length - 1;
  const middle = (averages[Math.floor(last / 2)]! + averages[Math.ceil(last / 2)]!) / 2;
  const cut = lowerCut(n, (1 - level) / 2);
  return computed({
    estimate: middle * scale,
    interval:
      'because' in cut
        ? cut
        : computed({
            level,
            attained: cut.attained,
            low: averages[cut.index]! * scale,
            high: averages[last - cut.index]! * scale,
          }),
  });
}

/** (d_i + d_j) / 2 for all i <= j, ascending. */
function walshAverages(differences: readonly number[]): Float64Array {
  const n = differences.length;
  const averages = new Float64Array((n * (n + 1)) / 2);
  let k = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) averages[k++] = (differences[i]! + differences[j]!) / 2;
  }
  return averages.sort();
}

/** How many of the smallest averages the interval leaves out, with at most `tail` probability. */
function lowerCut(
  n: number,
  tail: number,
): { readonly index: number; readonly attained: number } | NotComputable {
  if (n > largestExactSignedRank) {
    const spread = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
    const index = Math.floor((n * (n + 1)) / 4 - normalUpperQuantile(tail) * spread);
    return { index: Math.max(0, index - 1), attained: 1 - 2 * tail };
  }
  const probabilities = signedRankProbabilities(Array.from({ length: n }, (_, i) => 2 * (i + 1)));
  let below = 0;
  let values = 0;
  while (below + probabilities[2 * values]! <= tail) below += probabilities[2 * values++]!;
  if (values === 0) {
    const widest = 100 * (1 - 2 ** (1 - n));
    return notComputable(
      `${count(n, 'pair')} can give at most ${widest.toPrecision(4)}% confidence without assuming normality`,
    );
  }
  return { index: values - 1, attained: 1 - 2 * below };
}
