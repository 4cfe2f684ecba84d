import type { MetricKind } from './metric.js';
import { numberIn } from '../protocol/sums.js';

/** Mean squared error over examples and outputs, in the square of the targets' unit. */
export const mse: MetricKind = {
  name: 'mse',
  targets: ['numbers'],
  better: 'lower',
  unit: 'plain',
  scale: 'log',
  onMinibatch: true,
  meanOf: 'mse',
  value: ({ sums, examples }) => numberIn(sums, 'mse') / examples,
};
