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
