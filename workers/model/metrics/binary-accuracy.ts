import type { MetricSums } from './metric.js';

/** How many labels of all examples there are, and for how many of them the prediction is right. */
export const binaryAccuracy: MetricSums = ({ outputs, targets }) => {
  const right = outputs.filter((logit, index) => logit > 0 === (targets[index] === 1));
  return { correctLabels: right.length, labels: outputs.length };
};
