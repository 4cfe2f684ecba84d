import type { MetricKind } from './metric.js';
import { numberIn } from '../protocol/sums.js';

/** Share of the examples whose largest logit, the first of equals, is their class's. */
export const accuracy: MetricKind = {
  name: 'accuracy',
  targets: ['classes'],
  isDefault: true,
  better: 'higher',
  unit: 'fraction',
  scale: 'linear',
  onMinibatch: true,
  count: { of: 'correct' },
  meanOf: 'correct',
  value: ({ sums, examples }) => numberIn(sums, 'correct') / examples,
};
