import { z } from 'zod';
import { finite, map, whole } from '../../schema/fields.js';
import { imageShape, requirePixels } from './image.js';
import { augmentationKind } from './kind.js';

export const cutout = augmentationKind({
  schema: map({
    kind: z
      .literal('cutout')
      .describe(
        'Blanks a square about a uniform pixel, as much of it as lies inside the image (DeVries and Taylor 2017).',
      ),
    size: whole(1).describe('Side of the square, in pixels.'),
    fill: finite().default(0).describe('What it is filled with; bytes count as numbers in [0, 1].'),
  }),
  check({ size }, input) {
    const { height, width } = imageShape(input);
    // Larger ones blank everything now and then, and twice the image always.
    requirePixels('size', size, Math.min(height, width), input);
  },
});
