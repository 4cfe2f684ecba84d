import { classCounts, meanOfPresent } from './class-counts.js';
import type { Measured, MetricKind } from './metric.js';

/**
 * Mean over the classes of the share of their examples that are predicted right (recall). Classes without
 * examples do not count, as in scikit-learn's `balanced_accuracy_score`.
 * Brodersen et al. 2010, "The balanced accuracy and its posterior distribution".
 */
export const balancedAccuracy: MetricKind = {
  name: 'balancedAccuracy',
  targets: ['classes'],
  better: 'higher',
  unit: 'fraction',
  scale: 'linear',
  onMinibatch: false,
  value: (measured) => meanOfPresent(recalls(measured)),
  perClass: recalls,
};

function recalls({ sums }: Measured): number[] {
  return classCounts(sums).map(({ hits, actual }) => hits / actual);
}
