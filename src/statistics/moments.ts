import { LockstepError } from '../protocol/index.js';

/**
 * The sum by Neumaier's compensated summation (Z. Angew. Math. Mech. 54, 1974): the error does not
 * grow with the number of terms.
 */
export function sum(values: Iterable<number>): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/**
 * A power of two near the largest magnitude, so that squares of values divided by it neither
 * overflow nor underflow; dividing by it is exact (but for subnormal results). 1 when all are 0.
 */
export function powerOfTwoScale(values: readonly number[]): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 1;
  return 2 ** Math.max(-1022, Math.min(1022, Math.floor(Math.log2(largest))));
}

export function mean(values: readonly number[]): number {
  const scale = powerOfTwoScale(values);
  return (sum(values.map((value) => value / scale)) / values.length) * scale;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Sum of products of the deviations from the two means, divided by `xs.length - 1`, of values
 * already divided by their {@link powerOfTwoScale}. Two passes; exactly 0 when either is constant.
 */
export function covariance(xs: readonly number[], ys: readonly number[]): number {
  if (isConstant(xs) || isConstant(ys)) return 0;
  const meanX = sum(xs) / xs.length;
  const meanY = sum(ys) / ys.length;
  return sum(xs.map((x, i) => (x - meanX) * (ys[i]! - meanY))) / (xs.length - 1);
}

/** Sample standard deviation (divisor n - 1), of at least two values. */
export function standardDeviation(values: readonly number[]): number {
  const scale = powerOfTwoScale(values);
  const scaled = values.map((value) => value / scale);
  return Math.sqrt(covariance(scaled, scaled)) * scale;
}

/** Whether all values are the same number (a rounded mean would show a spread that is not there). */
export function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

/** Relative to the values compared: what arithmetic with binary fractions may change. */
const relativeNoise = 1e-12;

/**
 * The largest difference between two values that means nothing: 1e-12 of the largest magnitude among
 * the values compared. 0.91 - 0.8 and 0.36 - 0.25 differ by 1e-16 in binary and not at all in decimals.
 */
export function noiseFloor(...samples: readonly (readonly number[])[]): number {
  let largest = 0;
  for (const sample of samples) {
    for (const value of sample) largest = Math.max(largest, Math.abs(value));
  }
  return relativeNoise * largest;
}

/**
 * The same numbers with those whose magnitudes are within `noise` of each other, or of 0, made equal. All
 * statistics are computed from such numbers, so that ties, constant samples and zeros are what they are in
 * every one of them.
 */
export function settled(values: readonly number[], noise: number): number[] {
  const magnitudes = [...new Set(values.map(Math.abs))]
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const levels = new Map<number, number>();
  let level = 0;
  for (const magnitude of magnitudes) {
    if (magnitude - level > noise) level = magnitude;
    levels.set(magnitude, level);
  }
  return values.map((value) => {
    const magnitude = levels.get(Math.abs(value));
    if (magnitude === undefined) return value;
    return value < 0 ? 0 - magnitude : magnitude;
  });
}

/** challenger - baseline, pair by pair, free of the noise of binary fractions. All must be finite. */
export function pairedDifferences(
  baseline: readonly number[],
  challenger: readonly number[],
): number[] {
  assertSameLength('paired differences', baseline, challenger);
  const differences = challenger.map((value, i) => value - baseline[i]!);
  return settled(differences, noiseFloor(baseline, challenger));
}

/** Throws when two lists that describe the same things have different lengths. */
export function assertSameLength(
  what: string,
  first: ArrayLike<unknown>,
  second: ArrayLike<unknown>,
): void {
  if (first.length === second.length) return;
  throw new LockstepError(
    'bug',
    `${what}: expected as many entries in both lists, got ${first.length} and ${second.length}`,
    { hint: 'Pass one entry for each, in the same order, with null where a value is missing.' },
  );
}
