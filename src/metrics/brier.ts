import type { MetricKind } from './metric.js';
import { numberIn } from '../protocol/sums.js';

/**
 * Brier score: mean over the examples of the squared distance between the softmax probabilities and the
 * one-hot class, in [0, 2]; 0 is a certain, right prediction.
 * Brier 1950, "Verification of forecasts expressed in terms of probability".
 */
export const brier: MetricKind = {
  name: 'brier',
  targets: ['classes'],
  better: 'lower',
  unit: 'plain',
  scale: 'linear',
  onMinibatch: true,
  meanOf: 'brier',
  value: ({ sums, examples }) => numberIn(sums, 'brier') / examples,
};
