import { z } from 'zod';
import { fraction, map } from '../../schema/fields.js';
import { learningRate, optimizerKind } from './kind.js';

export const sgd = optimizerKind({
  schema: map({
    kind: z.literal('sgd').default('sgd').describe('Stochastic gradient descent.'),
    learningRate,
    momentum: fraction().default(0).describe('Classical (heavy-ball) momentum; 0 is none.'),
  }),
  slots: ({ momentum }) => (momentum === 0 ? [] : ['momentum']),
});
