import { z } from 'zod';
import { fraction, map } from '../../schema/fields.js';
import { layerKind } from './kind.js';
import { epsilon, scaleAndShift } from './normalization.js';

export const batchNorm = layerKind({
  kind: 'batchNorm',
  schema: map({
    kind: z
      .literal('batchNorm')
      .describe(
        "Batch normalization of each channel, as Keras defines it: by the minibatch's mean and variance in training, by their moving means in evaluation; then `gamma x + beta`.",
      ),
    momentum: fraction().default(0.99).describe('Decay of the moving means.'),
    epsilon,
  }),
  resolve: (config) => config,
  infer(_spec, input) {
    const shape = input.slice(-1);
    return {
      output: input,
      parameters: [
        ...scaleAndShift(input),
        { name: 'movingMean', shape, trainable: false, init: 'zeros' },
        { name: 'movingVariance', shape, trainable: false, init: 'ones' },
      ],
      flops: 0,
    };
  },
});
