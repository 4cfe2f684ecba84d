import type { MetricKind } from './metric.js';

/**
 * Brier score: mean over the examples of the squared distance between the softmax probabilities and the
 * one-hot class, in [0, 2]; 0 is a certain, right prediction.
 * Brier 1950, "Verification of forecasts expressed in terms of probability".
 */
export const brier: MetricKind = {
  name: 'brier',
  better: 'lower',
  unit: 'plain',
  scale: 'linear',
  value: (sums, examples) => sums.brier! / examples,
};
