import type { MetricKind } from './metric.js';
import { numberIn } from '../protocol/sums.js';

/** Share of the examples whose class is among the k with the largest logits, the first of equals first. */
const topAccuracy = (k: number): MetricKind => ({
  name: `top${k}Accuracy`,
  targets: ['classes'],
  better: 'higher',
  unit: 'fraction',
  scale: 'linear',
  onMinibatch: true,
  count: { of: `top${k}Correct` },
  fewestClasses: k + 1,
  meanOf: `top${k}Correct`,
  value: ({ sums, examples }) => numberIn(sums, `top${k}Correct`) / examples,
});

export const topAccuracies: readonly MetricKind[] = [2, 3, 5, 10].map(topAccuracy);
