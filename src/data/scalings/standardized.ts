import type { LinearScaling, SharedValues } from '../../protocol/index.js';
import { areLevels, widthOf } from '../column.js';
import type { ScalingKind } from './scaling.js';

/** scikit-learn's `StandardScaler`, in float64: `z = (x - mean) / std` of each value. */
export const standardized: ScalingKind = {
  name: 'standardized',
  description: 'zero mean and unit variance of each input value, fitted on the training split',
  fit: ({ inputs }) => fitMoments(inputs.values, widthOf(inputs)),
};

/**
 * Mean, as the offset, and population standard deviation, as the scale, of each column; 1 where a column
 * is constant.
 *
 * @param values `[rows, width]`, at least one row
 */
export function fitMoments(values: SharedValues, width: number): LinearScaling {
  const count = values.length / width;
  return areLevels(values) ? fitLevels(values, count, width) : fitNumbers(values, count, width);
}

/**
 * The sums are exact integers, so a constant pixel has a variance of exactly 0 and its std becomes 1.
 * scikit-learn's rounded sums need the bound of {@link fitNumbers} for that; of bytes it means the same,
 * as the smallest variance that is not 0 is about 1 / (65025 n), which passes the bound for any n below
 * 6e8.
 */
function fitLevels(bytes: Uint8Array, count: number, width: number): LinearScaling {
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  for (let start = 0; start < bytes.length; start += width * examplesPerBlock) {
    const block = bytes.subarray(start, start + width * examplesPerBlock);
    const [blockSums, blockSquares] = sumBlock(block, width);
    for (let k = 0; k < width; k++) {
      sums[k]! += blockSums[k]!;
      squares[k]! += blockSquares[k]!;
    }
  }
  const mean = sums.map((sum) => sum / (255 * count));
  const std = sums.map((sum, k) => standardDeviation(count, sum, squares[k]!) || 1);
  return { offset: mean, scale: std };
}

/** As many squares of bytes as an unsigned 32-bit sum holds. */
const examplesPerBlock = Math.floor((2 ** 32 - 1) / 255 ** 2);

/** Per pixel the sum of a block's bytes and of their squares. */
function sumBlock(bytes: Uint8Array, width: number): [sums: Uint32Array, squares: Uint32Array] {
  const sums = new Uint32Array(width);
  const squares = new Uint32Array(width);
  for (let start = 0; start < bytes.length; start += width) {
    for (let k = 0; k < width; k++) {
      const value = bytes[start + k]!;
      // Most pixels of most grey images are 0.
      if (value === 0) continue;
      sums[k]! += value;
      squares[k]! += value * value;
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

/**
 * The corrected two-pass variance (Chan, Golub & LeVeque 1983, eq. 1.7), and scikit-learn's bound below
 * which rounding alone explains it: `var <= n * eps * var + (n * mean * eps)^2` counts as constant.
 */
function fitNumbers(values: SharedValues, count: number, width: number): LinearScaling {
  const mean = new Float64Array(width);
  forEachValue(values, width, (value, k) => (mean[k]! += value));
  for (let k = 0; k < width; k++) mean[k]! /= count;
  const squares = new Float64Array(width);
  const residues = new Float64Array(width);
  forEachValue(values, width, (value, k) => {
    const difference = value - mean[k]!;
    residues[k]! += difference;
    squares[k]! += difference * difference;
  });
  const std = squares.map((sum, k) => {
    const variance = (sum - residues[k]! ** 2 / count) / count;
    const rounding = count * Number.EPSILON * variance + (count * mean[k]! * Number.EPSILON) ** 2;
    return variance <= rounding ? 1 : Math.sqrt(variance);
  });
  return { offset: mean, scale: std };
}

function forEachValue(
  values: SharedValues,
  width: number,
  visit: (value: number, k: number) => void,
): void {
  for (let start = 0; start < values.length; start += width) {
    for (let k = 0; k < width; k++) visit(values[start + k]!, k);
  }
}
