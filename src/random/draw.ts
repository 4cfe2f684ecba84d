import { philox4x32 } from './philox.js';

/**
 * Draw number `index` of a stream: a number in [0, 1) with 53 random bits, the whole mantissa of a
 * double. Each is a function of seed and index alone.
 * @param seed an int32
 * @param index below 2^32
 */
export function uniformDraw(seed: number, index: number): number {
  const [high, low] = philox4x32([index >>> 0, 0, 0, 0], [seed >>> 0, 0]);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) * 2 ** -53;
}
