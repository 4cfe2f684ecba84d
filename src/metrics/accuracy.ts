import type { MetricKind } from './metric.js';

/** Share of the examples whose largest logit, the first of equals, is their class's. */
export const accuracy: MetricKind = {
  name: 'accuracy',
  better: 'higher',
  unit: 'fraction',
  scale: 'linear',
  count: 'correct',
  value: (sums, examples) => sums.correct! / examples,
};
