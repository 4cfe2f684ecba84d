import { LockstepError } from '../../../src/protocol/index.js';
import { accuracy } from './accuracy.js';
import { brier } from './brier.js';
import type { MetricSums } from './metric.js';

/** By name; the loss is the objective's, which every pass computes anyway. */
const metricSums: Readonly<Record<string, MetricSums>> = { accuracy, brier };

/** @throws LockstepError `bug` for a metric that nothing here computes */
export function metricSumsNamed(names: readonly string[]): MetricSums[] {
  return names
    .filter((name) => name !== 'loss')
    .map((name) => {
      const sums = metricSums[name];
      if (sums !== undefined) return sums;
      throw new LockstepError('bug', `expected a metric that workers compute, got ${name}`);
    });
}
