import type { MetricSums } from './metric.js';
import { rowsOf, softmax } from './rows.js';

/** Squared distances between softmax(logits) and the one-hot class, in float64 whatever the engine. */
export const brier: MetricSums = (results) => {
  let sum = 0;
  for (const { logits, label } of rowsOf(results)) {
    softmax(logits).forEach((probability, index) => {
      sum += (probability - (index === label ? 1 : 0)) ** 2;
    });
  }
  return { brier: sum };
};
