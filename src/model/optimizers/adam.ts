import { z } from 'zod';
import { fraction, map, positive } from '../../schema/fields.js';
import { clipping, coupledWeightDecay, learningRate, optimizerKind, schedule } from './kind.js';

/** Settings of the means that Adam and AdamW keep. */
export const momentSettings = {
  beta1: fraction().default(0.9).describe('Decay of the mean of the gradients.'),
  beta2: fraction().default(0.999).describe('Decay of the mean of their squares.'),
  epsilon: positive()
    .default(1e-7)
    .describe('Added to the root of that mean, which it keeps away from 0.'),
};

export const adam = optimizerKind({
  schema: map({
    kind: z.literal('adam').describe('Adam (Kingma and Ba 2015), as Keras defines it.'),
    learningRate,
    schedule,
    ...momentSettings,
    weightDecay: coupledWeightDecay,
    ...clipping,
  }),
  slots: () => ['m', 'v'],
});
