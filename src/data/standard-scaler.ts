import type { LabeledImages, StandardScaler } from '../protocol/index.js';

/**
 * Fits scikit-learn's `StandardScaler` to `images / 255`, per pixel, in float64.
 *
 * The sums are exact integers, so a constant pixel has a variance of exactly 0 and its std becomes
 * 1. scikit-learn's rounded sums need a bound for that, `var <= n*eps*var + (n*mean*eps)^2`
 * (`_is_constant_feature`); of 8-bit images it means the same, as the smallest variance that is not
 * 0 is about 1 / (65025 n), which passes the bound for any n below 6e8.
 *
 * @param images at least one, the training split and nothing else
 */
export function fitStandardScaler({ images, count }: LabeledImages): StandardScaler {
  const pixels = images.length / count;
  const sums = new Float64Array(pixels);
  const squares = new Float64Array(pixels);
  for (let start = 0; start < images.length; start += pixels * imagesPerBlock) {
    const block = images.subarray(start, start + pixels * imagesPerBlock);
    const [blockSums, blockSquares] = sumBlock(block, pixels);
    for (let pixel = 0; pixel < pixels; pixel++) {
      sums[pixel]! += blockSums[pixel]!;
      squares[pixel]! += blockSquares[pixel]!;
    }
  }
  const mean = sums.map((sum) => sum / (255 * count));
  const std = sums.map((sum, pixel) => standardDeviation(count, sum, squares[pixel]!) || 1);
  return { mean, std };
}

/** As many squares of bytes as an unsigned 32-bit sum holds. */
const imagesPerBlock = Math.floor((2 ** 32 - 1) / 255 ** 2);

/** Per pixel the sum of a block's bytes and of their squares. */
function sumBlock(images: Uint8Array, pixels: number): [sums: Uint32Array, squares: Uint32Array] {
  const sums = new Uint32Array(pixels);
  const squares = new Uint32Array(pixels);
  for (let start = 0; start < images.length; start += pixels) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const value = images[start + pixel]!;
      // Most pixels of most grey images are 0.
      if (value === 0) continue;
      sums[pixel]! += value;
      squares[pixel]! += value * value;
    }
  }
  return [sums, squares];
}

/** Population standard deviation of `count` bytes divided by 255, from their exact sums. */
function standardDeviation(count: number, sum: number, sumOfSquares: number): number {
  // n * sum(x^2) - sum(x)^2 cancels and can exceed 2^53: as integers nothing is lost.
  const scaled = BigInt(count) * BigInt(sumOfSquares) - BigInt(sum) ** 2n;
  return Math.sqrt(Number(scaled)) / (255 * count);
}
