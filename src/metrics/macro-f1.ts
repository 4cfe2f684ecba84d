import { classCounts, meanOfPresent } from './class-counts.js';
import type { Measured, MetricKind } from './metric.js';

/**
 * Mean over the classes, or labels, of F1, the harmonic mean of precision and recall: `2 hits / (actual + predicted)`.
 * Classes that neither an example nor a prediction has do not count, as in scikit-learn's
 * `f1_score(average='macro')` (for labels with `zero_division=nan`). Of the two measures of this name it is the mean of F1 scores, not the F1 of
 * means: Opitz and Burst 2019 (arXiv:1911.03347).
 */
export const macroF1: MetricKind = {
  name: 'macroF1',
  targets: ['classes', 'labels'],
  better: 'higher',
  unit: 'fraction',
  scale: 'linear',
  onMinibatch: false,
  value: (measured) => meanOfPresent(f1s(measured)),
  perClass: f1s,
};

function f1s({ sums }: Measured): number[] {
  return classCounts(sums).map(({ hits, actual, predicted }) => {
    return (2 * hits) / (actual + predicted);
  });
}
