import type { MetricKind } from './metric.js';
import { vectorIn } from '../protocol/sums.js';

/**
 * Expected calibration error: examples are put into 15 bins of equal width by their confidence, the
 * probability of the predicted class; the absolute differences of accuracy and mean confidence of the bins
 * are averaged, weighted by the examples of each.
 * Guo et al. 2017 (arXiv:1706.04599), equations 2 to 5; bin `m` of `M` is `((m - 1) / M, m / M]`.
 */
export const ece: MetricKind = {
  name: 'ece',
  targets: ['classes'],
  better: 'lower',
  unit: 'fraction',
  scale: 'linear',
  onMinibatch: false,
  value: ({ sums, examples }) => {
    const confidence = vectorIn(sums, 'binConfidence');
    const gaps = vectorIn(sums, 'binHits').map((hits, bin) => Math.abs(hits - confidence[bin]!));
    return gaps.reduce((sum, gap) => sum + gap, 0) / examples;
  },
};
