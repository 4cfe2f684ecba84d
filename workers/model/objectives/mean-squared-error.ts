import { meanOverOutputs } from './mean-loss.js';

/** `(output - target)^2`. */
export const meanSquaredError = meanOverOutputs<'meanSquaredError'>((output, target) => {
  const error = output - target;
  return { loss: error ** 2, derivative: 2 * error };
});
