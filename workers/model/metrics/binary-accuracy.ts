import type { MetricSums } from './metric.js';

/** How many labels of all examples there are, and for how many of them the prediction is right. */
export const binaryAccuracy: MetricSums = ({ outputs, targets }) => {
  const logits = outputs.dataSync<'float32'>();
  const right = targets
    .dataSync<'float32'>()
    .filter((target, index) => logits[index]! > 0 === (target === 1));
  return { correctLabels: right.length, labels: logits.length };
};
