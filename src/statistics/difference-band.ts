import { LockstepError } from '../protocol/index.js';
import { type Computed, computed, notComputable } from './computable.js';
import { tUpperQuantile } from './distributions.js';
import { isConstant, mean, standardDeviation } from './moments.js';
import { randomSigns } from './random-signs.js';

/** Up to this many seeds all sign patterns are used (with the first sign fixed: 2^10). */
const largestExactBand = 11;
/** Random sign patterns beyond, with the identity. */
const bandPatterns = 2_000;
/** Fewer patterns than 2^5 are too coarse for a 95% quantile. */
const fewestSeedsToFlip = 6;

export interface DifferenceBand {
  readonly level: number;
  readonly seeds: number;
  /** Mean difference at each point; `null` where a value is missing. */
  readonly mean: readonly (number | null)[];
  /** `null` where a value is missing or all seeds have the same difference. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** The band is mean ± this many standard errors. */
  readonly criticalValue: number;
  readonly method: 'signFlip' | 'bonferroni';
}

/**
 * A simultaneous confidence band for the mean of a difference curve over steps: the whole true curve
 * lies inside with probability `level`, so it may be searched for where it leaves 0.
 *
 * Its width is a quantile of the largest |t| over the steps (Westfall & Young, Resampling-Based
 * Multiple Testing, 1993, for max-t) under random sign flips of whole seeds' residual curves with
 * the t recomputed (the wild bootstrap of Liu, Annals of Statistics 16, 1988), which keeps the
 * dependence between steps. Flipping leaves the sums of squares as they are, so only sums are
 * recomputed. All patterns up to 11 seeds, 2,000 counter-based ones beyond. With fewer than 6 seeds,
 * or where it is narrower, Bonferroni over the steps (valid for normal differences however dependent).
 * In simulations of normal autoregressive curves over 50 and 500 steps the band covered 93% to 97%
 * with 6 to 20 seeds at 95%, where the pointwise intervals together covered 0% to 84%.
 *
 * Assumes independent seeds with symmetric differences at every step.
 *
 * @param curves `[seeds][steps]` challenger - baseline; a value that is not finite is missing
 */
export function differenceBand(
  curves: readonly ArrayLike<number>[],
  level: number,
): Computed<DifferenceBand> {
  const seeds = curves.length;
  if (seeds < 2) return notComputable(`a band needs at least 2 seeds, and there are ${seeds}`);
  const steps = curves[0]!.length;
  for (const curve of curves) {
    if (curve.length !== steps) {
      throw new LockstepError(
        'bug',
        `difference band: expected ${steps} steps of every seed, got ${curve.length}`,
        { hint: 'Pass only seeds with all steps, and say which were left out.' },
      );
    }
  }
  const points = Array.from({ length: steps }, (_, step) => pointAt(curves, step));
  const spread = points.filter((point) => point?.spread != null);
  if (spread.length === 0) {
    return notComputable('no step has finite differences that vary over the seeds');
  }
  const bonferroni = tUpperQuantile((1 - level) / 2 / spread.length, seeds - 1);
  const flipped =
    seeds < fewestSeedsToFlip
      ? Infinity
      : maxTQuantile(
          spread.map((point) => point!.spread!.direction),
          seeds,
          level,
        );
  const criticalValue = Math.min(bonferroni, flipped);
  const edge = (sign: 1 | -1) =>
    points.map((point) =>
      point?.spread ? point.mean + sign * criticalValue * point.spread.standardError : null,
    );
  return computed({
    level,
    seeds,
    mean: points.map((point) => point?.mean ?? null),
    low: edge(-1),
    high: edge(1),
    criticalValue,
    method: flipped < bonferroni ? 'signFlip' : 'bonferroni',
  });
}

interface Point {
  readonly mean: number;
  readonly spread: {
    readonly standardError: number;
    /** The seeds' residuals scaled to a unit vector. */
    readonly direction: Float64Array;
  } | null;
}

function pointAt(curves: readonly ArrayLike<number>[], step: number): Point | null {
  const values = curves.map((curve) => curve[step]!);
  if (!values.every(Number.isFinite)) return null;
  const average = mean(values);
  const sd = isConstant(values) ? 0 : standardDeviation(values);
  const standardError = sd / Math.sqrt(values.length);
  if (standardError === 0) return { mean: average, spread: null };
  const length = Math.sqrt(values.length - 1);
  const direction = Float64Array.from(values, (value) => (value - average) / sd / length);
  return { mean: average, spread: { standardError, direction } };
}

/** The `level` quantile of the largest |t| over steps under sign flips of whole seeds. */
function maxTQuantile(directions: readonly Float64Array[], n: number, level: number): number {
  const exact = n <= largestExactBand;
  const patterns = exact ? 2 ** (n - 1) : bandPatterns;
  const largest = new Float64Array(patterns);
  const signs = new Int8Array(n);
  for (let pattern = 0; pattern < patterns; pattern++) {
    if (pattern === 0) signs.fill(1);
    else if (exact) signs.forEach((_, i) => (signs[i] = (pattern >>> i) & 1 ? -1 : 1));
    else randomSigns(pattern, signs);
    let most = 0;
    for (const direction of directions) {
      let flipped = 0;
      for (let i = 0; i < n; i++) flipped += signs[i]! * direction[i]!;
      most = Math.max(most, flipped * flipped);
    }
    // With unit residuals r, t = Σsr √((n - 1) / (n - (Σsr)²)), which grows with |Σsr|.
    largest[pattern] = most < n ? Math.sqrt((most * (n - 1)) / (n - most)) : Infinity;
  }
  return largest.sort()[Math.max(0, Math.ceil(level * patterns - 1e-9) - 1)]!;
}
