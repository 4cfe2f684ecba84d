import { widthOf } from '../column.js';
import type { ScalingKind } from './scaling.js';
import { fitMoments } from './standardized.js';

/**
 * As `standardized`, with one mean and one standard deviation for all pixels of a channel, the last axis:
 * for inputs of shape `[features]` the same as `standardized`.
 */
export const standardizedPerChannel: ScalingKind = {
  name: 'standardizedPerChannel',
  description:
    'zero mean and unit variance of each channel over all its pixels, fitted on the training split',
  fit({ inputs }) {
    const channels = inputs.shape.at(-1) ?? 1;
    const { offset, scale } = fitMoments(inputs.values, channels);
    const perValue = (ofChannel: Float64Array) =>
      Float64Array.from({ length: widthOf(inputs) }, (_, k) => ofChannel[k % channels]!);
    return { offset: perValue(offset), scale: perValue(scale) };
  },
};
