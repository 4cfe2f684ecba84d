import { meanOverOutputs } from './mean-loss.js';

/** `|output - target|`; where the two are equal its derivative is 0. */
export const meanAbsoluteError = meanOverOutputs<'meanAbsoluteError'>((output, target) => {
  const error = output - target;
  return { loss: Math.abs(error), derivative: Math.sign(error) };
});
