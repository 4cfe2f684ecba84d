import { LockstepError } from '../../../src/protocol/index.js';
import type { TargetKind } from '../../../src/protocol/index.js';
import { accuracy } from './accuracy.js';
import { binaryAccuracy } from './binary-accuracy.js';
import { brier } from './brier.js';
import { classCounts } from './class-counts.js';
import { ece } from './ece.js';
import { mae, mse } from './errors.js';
import { labelCounts } from './label-counts.js';
import type { MetricSums } from './metric.js';
import { topAccuracy } from './top-accuracy.js';

/** Of a metric that is made from all outputs of a split. */
const none: MetricSums = () => ({});

/** By kind of targets and name; the loss is the objective's, which every pass computes anyway. */
const metricSums: Readonly<Record<TargetKind, Readonly<Record<string, MetricSums>>>> = {
  classes: {
    accuracy,
    top2Accuracy: topAccuracy(2),
    top3Accuracy: topAccuracy(3),
    top5Accuracy: topAccuracy(5),
    top10Accuracy: topAccuracy(10),
    balancedAccuracy: classCounts,
    macroF1: classCounts,
    brier,
    ece,
    rocAuc: none,
  },
  labels: { binaryAccuracy, macroF1: labelCounts, rocAuc: none },
  numbers: { r2: none, mse, mae },
};

/**
 * What sums up some metrics; metrics that need the same sums share them.
 * @throws LockstepError `bug` for a metric of such targets that nothing here computes
 */
export function metricSumsNamed(names: readonly string[], targets: TargetKind): MetricSums[] {
  const all = names
    .filter((name) => name !== 'loss')
    .map((name) => {
      const sums = metricSums[targets][name];
      if (sums !== undefined) return sums;
      throw new LockstepError(
        'bug',
        `expected a metric of ${targets} that workers compute, got ${name}`,
      );
    });
  return [...new Set(all)];
}
