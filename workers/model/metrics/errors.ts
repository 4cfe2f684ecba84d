import type { MetricSums, Outputs } from './metric.js';

/** Squared errors, the mean over the outputs of each example, in float64. */
export const mse: MetricSums = (results) => ({ mse: sumOf(results, (error) => error ** 2) });

/** Absolute errors, the mean over the outputs of each example, in float64. */
export const mae: MetricSums = (results) => ({ mae: sumOf(results, Math.abs) });

function sumOf({ outputs, width, targets }: Outputs, of: (error: number) => number): number {
  let sum = 0;
  outputs.forEach((output, index) => (sum += of(output - targets[index]!)));
  return sum / width;
}
