import { type Computed, computed, count, notComputable } from './computable.js';
import { covariance, isConstant, powerOfTwoScale } from './moments.js';
import { assertSameLength } from './same-length.js';

/**
 * Pearson's product-moment correlation of the two variants' values over the pairs: how much of the
 * seeds' luck they share. Above 0, pairing makes the interval of the difference narrower.
 *
 * No distribution is assumed; the value describes the sample.
 *
 * @param xs values of one variant
 * @param ys values of the other, in the same order of seeds
 */
export function correlation(
  xs: readonly number[],
  ys: readonly number[],
): Computed<{ readonly r: number }> {
  assertSameLength('correlation', xs, ys);
  if (xs.length < 2) {
    return notComputable(`a correlation needs at least 2 pairs, and there are ${xs.length}`);
  }
  if (isConstant(xs) || isConstant(ys)) {
    return notComputable(`one variant has the same value in all ${count(xs.length, 'pair')}`);
  }
  const scaledX = scaled(xs);
  const scaledY = scaled(ys);
  const r =
    covariance(scaledX, scaledY) /
    Math.sqrt(covariance(scaledX, scaledX)) /
    Math.sqrt(covariance(scaledY, scaledY));
  return computed({ r: Math.max(-1, Math.min(1, r)) });
}

function scaled(values: readonly number[]): number[] {
  const scale = powerOfTwoScale(values);
  return values.map((value) => value / scale);
}
