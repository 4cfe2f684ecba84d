import type { MetricKind } from './metric.js';
import { numberIn } from '../protocol/sums.js';

/** Mean absolute error over examples and outputs, in the targets' unit. */
export const mae: MetricKind = {
  name: 'mae',
  targets: ['numbers'],
  isDefault: true,
  better: 'lower',
  unit: 'plain',
  scale: 'log',
  onMinibatch: true,
  meanOf: 'mae',
  value: ({ sums, examples }) => numberIn(sums, 'mae') / examples,
};
