/**
 * The distributions the tests need, by stdlib (https://stdlib.io), which ports Boost's incomplete
 * beta and its inverse and FreeBSD's erfc. Tails are asked for as tails: no `1 - p` loses digits.
 */
import betainc from '@stdlib/math-base-special-betainc';
import gammainc from '@stdlib/math-base-special-gammainc';
import betaincinv from '@stdlib/math-base-special-kernel-betaincinv';
import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import stdlibNormalCdf from '@stdlib/stats-base-dists-normal-cdf';
import stdlibNormalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import stdlibTCdf from '@stdlib/stats-base-dists-t-cdf';
import stdlibTQuantile from '@stdlib/stats-base-dists-t-quantile';

/** P(Z <= z) of the standard normal. */
export function normalCdf(z: number): number {
  return stdlibNormalCdf(z, 0, 1);
}

/** The z with P(Z > z) = `tail`, for a tail in (0, 1); to 9 digits at 1e-9, more for larger tails. */
export function normalUpperQuantile(tail: number): number {
  return -stdlibNormalQuantile(tail, 0, 1);
}

/** P(T > t) of Student's t with `df` > 0 degrees of freedom (fractional ones too). */
export function tUpperTail(t: number, df: number): number {
  return stdlibTCdf(-t, df);
}

/** P(|T| >= |t|) of Student's t. */
export function tTwoSided(t: number, df: number): number {
  return Math.min(1, 2 * stdlibTCdf(-Math.abs(t), df));
}

/** The smallest tail asked for: that of a level that is 1 but for rounding would be at infinity. */
const smallestTail = Number.EPSILON / 4;

/** The t with P(T > t) = `probability`, which is in [0, 1); finite for any of them. */
export function tUpperQuantile(probability: number, df: number): number {
  const tail = Math.max(smallestTail, probability);
  return tail > 0.5 ? stdlibTQuantile(1 - tail, df) : -stdlibTQuantile(tail, df);
}

/**
 * Two-sided exact p of `successes` in `trials` fair coin flips: twice the smaller tail, at most 1.
 *
 * The distribution is symmetric, so this equals the sum of all outcomes at most as likely.
 */
export function fairCoinTwoSided(successes: number, trials: number): number {
  const fewer = Math.min(successes, trials - successes);
  return Math.min(1, 2 * binomialCdf(fewer, trials, 0.5));
}

/** The x with P(X > x) = `tail` of the beta distribution with shapes `a` and `b` > 0, for a tail in (0, 1). */
export function betaUpperQuantile(tail: number, a: number, b: number): number {
  return betaincinv(a, b, 1 - tail, tail)[0]!;
}

/** The x with P(X < x) = `tail` of the beta distribution with shapes `a` and `b` > 0, for a tail in (0, 1). */
export function betaLowerQuantile(tail: number, a: number, b: number): number {
  return betaincinv(a, b, tail, 1 - tail)[0]!;
}

/** P(F > f) of Fisher's F with `df1` and `df2` > 0 degrees of freedom. */
export function fUpperTail(f: number, df1: number, df2: number): number {
  return betainc((df1 * f) / (df1 * f + df2), df1 / 2, df2 / 2, true, true);
}

/** The f with P(F > f) = `tail`, for a tail in (0, 1). */
export function fUpperQuantile(tail: number, df1: number, df2: number): number {
  const [x, rest] = betaincinv(df1 / 2, df2 / 2, 1 - tail, tail) as [number, number];
  return (df2 * x) / (df1 * rest);
}

/** P(X > x) of the chi-squared distribution with `df` > 0 degrees of freedom, for x >= 0. */
export function chiSquaredUpperTail(x: number, df: number): number {
  return gammainc(x / 2, df / 2, true, true);
}
