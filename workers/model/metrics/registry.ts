import { LockstepError } from '../../../src/protocol/index.js';
import { accuracy } from './accuracy.js';
import { brier } from './brier.js';
import { classCounts } from './class-counts.js';
import { ece } from './ece.js';
import type { MetricSums } from './metric.js';
import { top5Accuracy } from './top5-accuracy.js';

/** By name; the loss is the objective's, which every pass computes anyway. */
const metricSums: Readonly<Record<string, MetricSums>> = {
  accuracy,
  top5Accuracy,
  balancedAccuracy: classCounts,
  macroF1: classCounts,
  brier,
  ece,
};

/**
 * What sums up some metrics; metrics that need the same sums share them.
 * @throws LockstepError `bug` for a metric that nothing here computes
 */
export function metricSumsNamed(names: readonly string[]): MetricSums[] {
  const all = names
    .filter((name) => name !== 'loss')
    .map((name) => {
      const sums = metricSums[name];
      if (sums !== undefined) return sums;
      throw new LockstepError('bug', `expected a metric that workers compute, got ${name}`);
    });
  return [...new Set(all)];
}
