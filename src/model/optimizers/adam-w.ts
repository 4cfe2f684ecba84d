import { z } from 'zod';
import { map, nonNegative } from '../../schema/fields.js';
import { momentSettings } from './adam.js';
import { clipping, learningRate, optimizerKind, schedule } from './kind.js';

export const adamW = optimizerKind({
  schema: map({
    kind: z
      .literal('adamW')
      .describe(
        'Adam with decoupled weight decay (Loshchilov and Hutter 2019), as Keras and PyTorch define it.',
      ),
    learningRate,
    schedule,
    ...momentSettings,
    weightDecay: nonNegative()
      .default(0.004)
      .describe(
        'Every step first shrinks all parameters, biases too: parameter -= learningRate * weightDecay * parameter. The default is that of Keras; that of PyTorch is 0.01.',
      ),
    ...clipping,
  }),
  slots: () => ['m', 'v'],
  decouplesDecay: true,
});
