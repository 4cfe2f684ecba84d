import { meanOverOutputs } from './mean-loss.js';

/**
 * `error^2 / 2` where the error is at most `delta`, `delta (|error| - delta / 2)` beyond.
 * Huber 1964, "Robust estimation of a location parameter"; as Keras defines it.
 */
export const huber = meanOverOutputs<'huber'>((output, target, { delta }) => {
  const error = output - target;
  const size = Math.abs(error);
  return size <= delta
    ? { loss: error ** 2 / 2, derivative: error }
    : { loss: delta * (size - delta / 2), derivative: delta * Math.sign(error) };
});
