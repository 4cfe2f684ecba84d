import { z } from 'zod';
import { map, whole } from '../../schema/fields.js';
import { fill } from './fill.js';
import { imageShape, requirePixels } from './image.js';
import { augmentationKind } from './kind.js';

export const shift = augmentationKind({
  schema: map({
    kind: z
      .literal('shift')
      .describe('Moves the image by whole pixels, up or down and left or right, each uniform.'),
    pixels: whole(1).describe('How far at most, in each direction.'),
    fill,
  }),
  check({ pixels }, input) {
    const { height, width } = imageShape(input);
    requirePixels('pixels', pixels, Math.min(height, width) - 1, input);
  },
});
