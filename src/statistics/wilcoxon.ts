import { type Computed, computed, notComputable } from './computable.js';
import { normalCdf } from './distributions.js';
import { largestExactSignedRank, signedRankProbabilities } from './signed-rank-distribution.js';

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
 * are the same floating-point number. Up to {@link largestExactSignedRank} pairs that differ there
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
