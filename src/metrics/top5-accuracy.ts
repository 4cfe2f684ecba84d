import type { MetricKind } from './metric.js';
import { numberIn } from './sums.js';

/** Share of the examples whose class is among the five with the largest logits, the first of equals first. */
export const top5Accuracy: MetricKind = {
  name: 'top5Accuracy',
  targets: ['classes'],
  better: 'higher',
  unit: 'fraction',
  scale: 'linear',
  onMinibatch: true,
  count: { of: 'top5Correct' },
  fewestClasses: 6,
  value: ({ sums, examples }) => numberIn(sums, 'top5Correct') / examples,
};
