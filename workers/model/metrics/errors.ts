import type { MetricSums } from './metric.js';

/** Squared errors, the mean over the outputs of each example, in float64. */
export const mse: MetricSums = (results) => ({ mse: sumOf(results, (error) => error ** 2) });

/** Absolute errors, the mean over the outputs of each example, in float64. */
export const mae: MetricSums = (results) => ({ mae: sumOf(results, Math.abs) });

function sumOf(
  { outputs, targets }: Parameters<MetricSums>[0],
  of: (error: number) => number,
): number {
  const wanted = targets.dataSync<'float32'>();
  let sum = 0;
  outputs.dataSync<'float32'>().forEach((output, index) => (sum += of(output - wanted[index]!)));
  return sum / outputs.shape[1];
}
