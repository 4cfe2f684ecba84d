import type { MetricKind } from './metric.js';

/** Mean of the training objective over the examples, for instance softmax cross-entropy in nats. */
export const loss: MetricKind = {
  name: 'loss',
  better: 'lower',
  unit: 'plain',
  scale: 'log',
  value: (sums, examples) => sums.loss! / examples,
};
