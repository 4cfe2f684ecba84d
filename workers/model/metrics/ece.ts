import type { MetricSums } from './metric.js';
import { predictedClass, rowsOf, softmax } from './rows.js';

const bins = 15;

/** By bin of the confidence: the sum of confidences, and how many examples are predicted right. */
export const ece: MetricSums = (results) => {
  const confidences = new Array<number>(bins).fill(0);
  const hits = new Array<number>(bins).fill(0);
  for (const { logits, label } of rowsOf(results)) {
    const answer = predictedClass(logits);
    const confidence = softmax(logits)[answer]!;
    const bin = Math.max(0, Math.ceil(confidence * bins) - 1);
    confidences[bin]! += confidence;
    if (answer === label) hits[bin]! += 1;
  }
  return { binConfidence: confidences, binHits: hits };
};
