import type { MetricSums } from './metric.js';

/** By label: of how many examples it holds, for how many it is predicted, and both. */
export const labelCounts: MetricSums = ({ outputs: logits, width, targets }) => {
  const zeros = () => new Array<number>(width).fill(0);
  const [actual, predicted, hits] = [zeros(), zeros(), zeros()];
  targets.forEach((target, index) => {
    const label = index % width;
    // Its probability is above one half.
    const isPredicted = logits[index]! > 0;
    if (target === 1) actual[label]! += 1;
    if (isPredicted) predicted[label]! += 1;
    if (target === 1 && isPredicted) hits[label]! += 1;
  });
  return { classActual: actual, classPredicted: predicted, classHits: hits };
};
