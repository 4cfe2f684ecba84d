import { count } from '../text/numbers.js';
import { type Computed, computed, notComputable } from './computable.js';
import { normalCdf, tUpperQuantile } from './distributions.js';

/** The chance a plan should have of deciding, by custom (Cohen 1988). */
export const customaryPower = 0.8;
/** No plan asks for more; above it the answer is "not computable". */
export const mostPairs = 100_000;

export interface SampleSize {
  /** Pairs in all, not more than those there are. */
  readonly pairs: number;
  /** The chance of deciding with them if the assumed effect is the true one. */
  readonly power: number;
}

/** The fewest pairs with which the sign-flip test can reach p <= alpha: 2 · 2^-n, one-sided 2^-n. */
export function fewestPairs(alpha: number, sides: 1 | 2): number {
  return Math.max(2, Math.ceil(Math.log2(sides / alpha) - 1e-9));
}

/**
 * The pairs needed to show a difference by the two-sided paired t test at `alpha` with the wanted
 * power, and at least {@link fewestPairs}.
 *
 * Taking the observed mean and SD for the true ones makes this a rough guide: an effect that looked
 * large by luck asks for too few.
 */
export function pairsToShowDifference(
  mean: number,
  sd: number,
  alpha: number,
  power = customaryPower,
): Computed<SampleSize> {
  if (!(sd > 0)) return notComputable('the spread of the differences is unknown');
  if (mean === 0) return notComputable('the mean difference is 0');
  return smallest(fewestPairs(alpha, 2), power, (n) => pairedTPower(mean / sd, n, alpha));
}

/** As {@link pairsToShowDifference}, to show by TOST that the mean difference is within ±margin. */
export function pairsToShowEquivalence(
  mean: number,
  sd: number,
  margin: number,
  alpha: number,
  power = customaryPower,
): Computed<SampleSize> {
  if (!(margin > 0)) return notComputable('no equivalence margin above 0 was set');
  if (!(sd > 0)) return notComputable('the spread of the differences is unknown');
  if (Math.abs(mean) >= margin)
    return notComputable('the mean difference is not within the margin');
  return smallest(fewestPairs(alpha, 1), power, (n) =>
    equivalencePower(mean / sd, margin / sd, n, alpha),
  );
}

/** Doubles until the power is reached, then bisects: power grows with n in both tests. */
function smallest(
  fewest: number,
  wanted: number,
  powerOf: (n: number) => number,
): Computed<SampleSize> {
  let enough = fewest;
  while (powerOf(enough) < wanted) {
    if (enough >= mostPairs)
      return notComputable(`it would take more than ${count(mostPairs, 'pair')}`);
    enough = Math.min(mostPairs, 2 * enough);
  }
  let tooFew = Math.max(fewest - 1, Math.floor(enough / 2));
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (powerOf(middle) >= wanted) enough = middle;
    else tooFew = middle;
  }
  return computed({ pairs: enough, power: powerOf(enough) });
}

/**
 * The mean of f(S) where S = √(χ²_df / df), the estimated standard deviation over the true one.
 *
 * Simpson's rule in log S, where the density falls off at both ends so fast that the rule converges
 * quickly; f may end in a kink at `end`, where the rule stops.
 *
 * @param sharpness how steep f is in log S at most; the step shrinks with it down to 0.0005, and beyond
 *   that f is a jump whose place the result knows to the step
 * @param end f is 0 from there on
 */
function averageOverSpread(
  df: number,
  sharpness: number,
  f: (s: number) => number,
  end = Infinity,
): number {
  const reach = 10 / Math.sqrt(df);
  const start = -(40 / df + reach);
  const step = Math.min(0.05, 0.1 / Math.sqrt(df), 0.25 / (1 + Math.min(sharpness, 500)));
  const density = (u: number) => Math.exp(df * (u - (Math.exp(2 * u) - 1) / 2));
  const stop = Math.min(reach, Math.log(end));
  if (stop <= start) return 0;
  return (
    simpson(start, stop, step, (u) => density(u) * f(Math.exp(u))) /
    simpson(start, reach, step, density)
  );
}

/** The integral of g by Simpson's rule with steps of `step` at most. */
function simpson(start: number, end: number, step: number, g: (u: number) => number): number {
  const intervals = 2 * Math.ceil((end - start) / step / 2);
  const width = (end - start) / intervals;
  let total = g(start) + g(end);
  for (let i = 1; i < intervals; i++) total += (i % 2 === 1 ? 4 : 2) * g(start + i * width);
  return (total * width) / 3;
}

/**
 * The power of the two-sided paired t test, from the noncentral t distribution (Cohen, Statistical
 * Power Analysis, 2nd ed., 1988, §2.5; here integrated over the estimated spread).
 *
 * Assumes normal differences.
 *
 * @param dz true mean difference over the true standard deviation of the differences
 * @param n pairs, at least 2
 */
export function pairedTPower(dz: number, n: number, alpha: number): number {
  const df = n - 1;
  const critical = tUpperQuantile(alpha / 2, df);
  const shift = Math.abs(dz) * Math.sqrt(n);
  return averageOverSpread(
    df,
    shift,
    (s) => normalCdf(shift - critical * s) + normalCdf(-shift - critical * s),
  );
}

/**
 * The power of the two one-sided t tests for equivalence, for normal differences (Phillips, Journal
 * of Pharmacokinetics and Biopharmaceutics 18, 1990).
 *
 * @param meanOverSd true mean difference over the true standard deviation of the differences
 * @param marginOverSd equivalence margin in the same unit
 * @param n pairs, at least 2
 */
export function equivalencePower(
  meanOverSd: number,
  marginOverSd: number,
  n: number,
  alpha: number,
): number {
  const df = n - 1;
  const critical = tUpperQuantile(alpha, df);
  const low = (-marginOverSd - meanOverSd) * Math.sqrt(n);
  const high = (marginOverSd - meanOverSd) * Math.sqrt(n);
  return averageOverSpread(
    df,
    Math.max(Math.abs(low), Math.abs(high)),
    (s) => Math.max(0, normalCdf(high - critical * s) - normalCdf(low + critical * s)),
    (high - low) / (2 * critical),
  );
}
