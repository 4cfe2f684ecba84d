import { type Computed, computed, notComputable } from './computable.js';
import { chiSquaredUpperTail, fUpperTail, normalCdf } from './distributions.js';
import { holm } from './compare-family.js';
import { mean, noiseFloor, settled, sum } from './moments.js';
import { studentizedRangeUpperQuantile } from './studentized-range.js';
import type { Direction } from './verdict.js';

export interface Friedman {
  /** Corrected for ties. */
  readonly chiSquared: number;
  readonly df: number;
  readonly p: number;
}

export interface ImanDavenport {
  readonly f: number;
  readonly df1: number;
  readonly df2: number;
  readonly p: number;
}

/** A variant against the baseline by their mean ranks. */
export interface RankTest {
  readonly variant: number;
  /** Mean rank of the variant - that of the baseline: below 0 where it ranks before it. */
  readonly difference: number;
  readonly z: number;
  readonly p: number;
  /** Adjusted by Holm's method over all challengers. */
  readonly pHolm: number;
}

export interface DataSetRanks {
  /** `[data set][variant]`, 1 for the best; ties share the mean of their ranks. */
  readonly ranks: readonly (readonly number[])[];
  /** By variant. */
  readonly meanRanks: readonly number[];
  readonly friedman: Computed<Friedman>;
  readonly imanDavenport: Computed<ImanDavenport>;
  /** Two mean ranks that differ by less than this may differ by chance (Nemenyi, at alpha). */
  readonly criticalDifference: number;
  /** Largest sets of variants, by mean rank, whose mean ranks lie within the critical difference; at least two. */
  readonly groups: readonly (readonly number[])[];
  readonly againstBaseline: readonly RankTest[];
}

/**
 * Ranks variants over several data sets (Demšar, JMLR 7, 2006): Friedman's test of equal ranks and Iman and
 * Davenport's sharper form of it, Nemenyi's critical difference for all pairs of variants, and the z tests
 * of each challenger against the baseline, adjusted by Holm's method. Data sets are the sample: what the
 * tests say holds for other data sets of the same kind. Assumes independent data sets, and nothing about how
 * their values compare with each other.
 *
 * @param values `[data set][variant]`, finite; at least two of each
 * @param baseline index of a variant
 */
export function rankDataSets(
  values: readonly (readonly number[])[],
  { direction, baseline, alpha }: { direction: Direction; baseline: number; alpha: number },
): DataSetRanks {
  const n = values.length;
  const k = values[0]!.length;
  const ranks = values.map((row) => ranksOf(row, direction));
  const meanRanks = Array.from({ length: k }, (_, j) => mean(ranks.map((row) => row[j]!)));
  const friedman = friedmanTest(ranks, meanRanks);
  const standardError = Math.sqrt((k * (k + 1)) / (6 * n));
  const criticalDifference = (studentizedRangeUpperQuantile(alpha, k) / Math.SQRT2) * standardError;
  return {
    ranks,
    meanRanks,
    friedman,
    imanDavenport: imanDavenport(friedman, n, k),
    criticalDifference,
    groups: groupsWithin(meanRanks, criticalDifference),
    againstBaseline: againstBaseline(meanRanks, baseline, standardError),
  };
}

/** Ranks from 1 for the best; equal values share the mean of theirs. */
function ranksOf(values: readonly number[], direction: Direction): number[] {
  const sign = direction === 'higher' ? 1 : -1;
  const even = settled(values, noiseFloor(values));
  return even.map((value) => {
    const before = even.filter((other) => sign * (other - value) > 0).length;
    const equal = even.filter((other) => other === value).length;
    return before + (equal + 1) / 2;
  });
}

/** Friedman, JASA 32, 1937, with the correction for ties of Conover, Practical Nonparametric Statistics, 1999. */
function friedmanTest(
  ranks: readonly (readonly number[])[],
  meanRanks: readonly number[],
): Computed<Friedman> {
  const n = ranks.length;
  const k = meanRanks.length;
  const spread = sum(ranks.flatMap((row) => row.map((rank) => (rank - (k + 1) / 2) ** 2)));
  if (spread === 0) return notComputable('all variants tie on every data set');
  const between = n * sum(meanRanks.map((rank) => (rank - (k + 1) / 2) ** 2));
  const chiSquared = (n * (k - 1) * between) / spread;
  return computed({ chiSquared, df: k - 1, p: chiSquaredUpperTail(chiSquared, k - 1) });
}

/** Iman and Davenport, Communications in Statistics A9, 1980. */
function imanDavenport(
  friedman: Computed<Friedman>,
  n: number,
  k: number,
): Computed<ImanDavenport> {
  if (!friedman.computable) return friedman;
  const rest = n * (k - 1) - friedman.chiSquared;
  if (rest <= 1e-9 * n * k) {
    return notComputable('every data set ranks the variants in the same order, so F is infinite');
  }
  const f = ((n - 1) * friedman.chiSquared) / rest;
  const [df1, df2] = [k - 1, (k - 1) * (n - 1)];
  return computed({ f, df1, df2, p: fUpperTail(f, df1, df2) });
}

function groupsWithin(meanRanks: readonly number[], criticalDifference: number): number[][] {
  const order = meanRanks.map((_, j) => j).sort((a, b) => meanRanks[a]! - meanRanks[b]! || a - b);
  const spans = order.map((first, from) => {
    const far = order.findIndex((j) => meanRanks[j]! - meanRanks[first]! >= criticalDifference);
    return { from, to: far === -1 ? order.length : far };
  });
  return spans
    .filter(({ from, to }, i) => to - from > 1 && (i === 0 || spans[i - 1]!.to < to))
    .map(({ from, to }) => order.slice(from, to));
}

function againstBaseline(
  meanRanks: readonly number[],
  baseline: number,
  standardError: number,
): RankTest[] {
  const challengers = meanRanks.map((_, j) => j).filter((j) => j !== baseline);
  const tests = challengers.map((variant) => {
    const difference = meanRanks[variant]! - meanRanks[baseline]!;
    const z = difference / standardError;
    return { variant, difference, z, p: Math.min(1, 2 * normalCdf(-Math.abs(z))) };
  });
  const adjusted = holm(tests.map(({ p }) => p));
  return tests.map((test, i) => ({ ...test, pHolm: adjusted[i]! }));
}
