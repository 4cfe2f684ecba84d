import { z } from 'zod';
import { flag, fraction, map } from '../../schema/fields.js';
import { clipping, coupledWeightDecay, learningRate, optimizerKind, schedule } from './kind.js';

export const sgd = optimizerKind({
  schema: map({
    kind: z.literal('sgd').default('sgd').describe('Stochastic gradient descent.'),
    learningRate,
    schedule,
    momentum: fraction()
      .default(0)
      .describe(
        "Classical (heavy-ball) momentum; 0 is none. The learning rate is not in the velocity, as in PyTorch: Keras's differs where a schedule changes the rate.",
      ),
    nesterov: flag()
      .optional()
      .describe("Nesterov's momentum (Sutskever et al. 2013) instead. Default: false."),
    weightDecay: coupledWeightDecay,
    ...clipping,
  }).superRefine(({ momentum, nesterov }, context) => {
    if (nesterov !== true || momentum > 0) return;
    context.addIssue({
      code: 'custom',
      path: ['momentum'],
      message: 'expected a momentum above 0 where nesterov is true, got 0',
    });
  }),
  slots: ({ momentum }) => (momentum === 0 ? [] : ['momentum']),
});
