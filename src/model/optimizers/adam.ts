import { z } from 'zod';
import { fraction, map, positive } from '../../schema/fields.js';
import { learningRate, optimizerKind } from './kind.js';

export const adam = optimizerKind({
  schema: map({
    kind: z.literal('adam').describe('Adam (Kingma and Ba 2015), as Keras defines it.'),
    learningRate,
    beta1: fraction().default(0.9).describe('Decay of the mean of the gradients.'),
    beta2: fraction().default(0.999).describe('Decay of the mean of their squares.'),
    epsilon: positive()
      .default(1e-7)
      .describe('Added to the root of that mean, which it keeps away from 0.'),
  }),
  slots: () => ['m', 'v'],
});
