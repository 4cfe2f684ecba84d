import { z } from 'zod';
import { fraction, map } from '../../schema/fields.js';
import { objectiveKind } from './kind.js';

export const sigmoidCrossEntropy = objectiveKind({
  schema: map({
    kind: z
      .literal('sigmoidCrossEntropy')
      .describe('Labels that hold or do not: a 0 or 1 for each output of each example.'),
    labelSmoothing: fraction()
      .default(0)
      .describe('Share of each target that is moved to one half, as in Keras.'),
  }),
  targets: 'labels',
});
