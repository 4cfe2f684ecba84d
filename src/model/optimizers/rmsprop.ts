import { z } from 'zod';
import { flag, fraction, map, positive } from '../../schema/fields.js';
import { clipping, coupledWeightDecay, learningRate, optimizerKind, schedule } from './kind.js';

export const rmsprop = optimizerKind({
  schema: map({
    kind: z.literal('rmsprop').describe('RMSprop (Tieleman and Hinton 2012), as Keras defines it.'),
    learningRate,
    schedule,
    rho: fraction().default(0.9).describe('Decay of the mean of the squared gradients.'),
    momentum: fraction()
      .default(0)
      .describe('Momentum of the steps, learning rate included; 0 is none.'),
    centered: flag()
      .default(false)
      .describe(
        'Divide by the standard deviation of the gradients rather than their root mean square.',
      ),
    epsilon: positive()
      .default(1e-7)
      .describe('Added to the mean square before its root is taken, which it keeps away from 0.'),
    weightDecay: coupledWeightDecay,
    ...clipping,
  }),
  slots: ({ momentum, centered }) => [
    'meanSquare',
    ...(centered ? ['mean'] : []),
    ...(momentum === 0 ? [] : ['momentum']),
  ],
});
