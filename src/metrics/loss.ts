import type { MetricKind } from './metric.js';
import { numberIn } from '../protocol/sums.js';

/** Mean of the training objective over the examples, for instance softmax cross-entropy in nats. */
export const loss: MetricKind = {
  name: 'loss',
  targets: ['classes', 'labels', 'numbers'],
  better: 'lower',
  unit: 'plain',
  scale: 'log',
  onMinibatch: true,
  meanOf: 'loss',
  value: ({ sums, examples }) => numberIn(sums, 'loss') / examples,
};
