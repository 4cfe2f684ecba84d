import { normalCdf, tUpperQuantile } from './distributions.js';

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
