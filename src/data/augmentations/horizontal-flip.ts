import { z } from 'zod';
import { map } from '../../schema/fields.js';
import { augmentationKind } from './kind.js';
import { imageShape } from './image.js';

const error = 'a number in [0, 1]';

export const horizontalFlip = augmentationKind({
  schema: map({
    kind: z.literal('horizontalFlip').describe('Swaps left and right.'),
    probability: z
      .number({ error })
      .gte(0, { error })
      .lte(1, { error })
      .default(0.5)
      .describe('Of each image to be flipped.'),
  }),
  check(_spec, input) {
    imageShape(input);
  },
});
