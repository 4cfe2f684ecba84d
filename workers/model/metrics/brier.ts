import type { MetricSums } from './metric.js';

/** Squared distances between softmax(logits) and the one-hot class, in float64 whatever the engine. */
export const brier: MetricSums = ({ logits, labels }) => {
  const values = logits.dataSync<'float32'>();
  const classes = labels.dataSync<'int32'>();
  const width = logits.shape[1];
  let sum = 0;
  for (let row = 0; row < classes.length; row += 1) {
    const own = values.subarray(row * width, (row + 1) * width);
    const largest = own.reduce((a, b) => Math.max(a, b), -Infinity);
    const total = own.reduce((all, logit) => all + Math.exp(logit - largest), 0);
    own.forEach((logit, index) => {
      const target = index === classes[row] ? 1 : 0;
      sum += (Math.exp(logit - largest) / total - target) ** 2;
    });
  }
  return { brier: sum };
};
