import { LockstepError } from '../protocol/index.js';
import type { Measured, MetricKind } from './metric.js';

/**
 * Coefficient of determination, 1 - residual / total sum of squares, the mean over the outputs: 1 is
 * perfect, 0 as good as the mean of the targets, and it has no lower bound. Targets that are all equal give
 * 1 if they are met and 0 otherwise. scikit-learn's `r2_score`.
 *
 * The total is that of differences from the mean, in a second pass: the difference of large sums would lose
 * digits where targets lie far from 0.
 */
export const r2: MetricKind = {
  name: 'r2',
  targets: ['numbers'],
  isDefault: true,
  better: 'higher',
  unit: 'plain',
  scale: 'linear',
  onMinibatch: false,
  needsOutputs: true,
  value: ({ examples, outputs }) => {
    if (outputs === undefined)
      throw new LockstepError('bug', 'expected all outputs, got sums only');
    const units = outputs.outputs.length / examples;
    const all = Array.from({ length: units }, (_, unit) => determination(outputs, unit, units));
    return all.reduce((sum, value) => sum + value, 0) / units;
  },
};

function determination(
  { outputs, targets }: NonNullable<Measured['outputs']>,
  unit: number,
  units: number,
): number {
  const examples = outputs.length / units;
  let mean = 0;
  for (let row = 0; row < examples; row += 1) mean += targets[row * units + unit]! / examples;
  let [residual, total] = [0, 0];
  for (let row = 0; row < examples; row += 1) {
    const at = row * units + unit;
    residual += (outputs[at]! - targets[at]!) ** 2;
    total += (targets[at]! - mean) ** 2;
  }
  if (total === 0) return residual === 0 ? 1 : 0;
  return 1 - residual / total;
}
