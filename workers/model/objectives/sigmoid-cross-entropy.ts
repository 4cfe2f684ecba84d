import { meanOverOutputs } from './mean-loss.js';

/**
 * Cross-entropy of `sigmoid(output)` and the target, smoothed to `target (1 - s) + s / 2`, in the form
 * `max(x, 0) - x y + log(1 + exp(-|x|))` that no output overflows. As Keras's BinaryCrossentropy from logits.
 */
export const sigmoidCrossEntropy = meanOverOutputs<'sigmoidCrossEntropy'>(
  (x, target, { labelSmoothing }) => {
    const y = target * (1 - labelSmoothing) + labelSmoothing / 2;
    return {
      loss: Math.max(x, 0) - x * y + Math.log1p(Math.exp(-Math.abs(x))),
      derivative: 1 / (1 + Math.exp(-x)) - y,
    };
  },
);
