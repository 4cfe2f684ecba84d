import type { MetricSums } from './metric.js';
import { predictedClass, rowsOf } from './rows.js';

/** By class: how many examples are of it, are predicted as it, and both. */
export const classCounts: MetricSums = (results) => {
  const zeros = () => new Array<number>(results.width).fill(0);
  const [actual, predicted, hits] = [zeros(), zeros(), zeros()];
  for (const { logits, label } of rowsOf(results)) {
    const answer = predictedClass(logits);
    actual[label]! += 1;
    predicted[answer]! += 1;
    if (answer === label) hits[label]! += 1;
  }
  return { classActual: actual, classPredicted: predicted, classHits: hits };
};
