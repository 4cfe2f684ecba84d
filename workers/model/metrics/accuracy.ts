import type { MetricSums } from './metric.js';
import { predictedClass, rowsOf } from './rows.js';

/** How many examples have their largest logit, the first of equals, at their class. */
export const accuracy: MetricSums = (results) => {
  const hits = rowsOf(results).filter(({ logits, label }) => predictedClass(logits) === label);
  return { correct: hits.length };
};
