import { type Computed, type Interval, computed, notComputable } from './computable.js';
import { tTwoSided, tUpperQuantile } from './distributions.js';
import { isConstant, mean, standardDeviation } from './moments.js';

export interface PairedT {
  readonly n: number;
  /** Mean difference, in the metric's unit. */
  readonly mean: number;
  /** Sample standard deviation of the differences (divisor n - 1). */
  readonly sd: number;
  /** Standard error of the mean difference, sd / √n. */
  readonly standardError: number;
  readonly t: number;
  readonly df: number;
  /** Two-sided. */
  readonly p: number;
  readonly interval: Interval;
  /** Cohen's d_z = mean / sd: the difference in standard deviations of the differences. */
  readonly dz: number;
}

/**
 * Student's paired t test and confidence interval of the mean difference (Student, Biometrika 6,
 * 1908; d_z: Lakens, Frontiers in Psychology 4:863, 2013, eq. 6).
 *
 * Assumes independent pairs whose differences are roughly normal; with skewed or coarse differences
 * and few pairs, rely on the sign-flip test. Needs two pairs with different differences.
 *
 * @param differences challenger - baseline, one a pair
 * @param level confidence of the interval, 1 - alpha
 */
export function pairedT(differences: readonly number[], level: number): Computed<PairedT> {
  const n = differences.length;
  if (n < 2) return notComputable(`a t test needs at least 2 pairs, and there are ${n}`);
  if (isConstant(differences)) {
    return notComputable(`all ${n} differences are equal, so their spread is unknown`);
  }
  const average = mean(differences);
  const sd = standardDeviation(differences);
  const standardError = sd / Math.sqrt(n);
  if (standardError === 0) {
    return notComputable('the differences are closer together than numbers can tell');
  }
  const df = n - 1;
  const t = average / standardError;
  const halfWidth = tUpperQuantile((1 - level) / 2, df) * standardError;
  return computed({
    n,
    mean: average,
    sd,
    standardError,
    t,
    df,
    p: tTwoSided(t, df),
    interval: { level, low: average - halfWidth, high: average + halfWidth },
    dz: average / sd,
  });
}
