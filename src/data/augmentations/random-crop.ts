import { z } from 'zod';
import { map, whole } from '../../schema/fields.js';
import { fill } from './fill.js';
import { imageShape, requirePixels } from './image.js';
import { augmentationKind } from './kind.js';

export const randomCrop = augmentationKind({
  schema: map({
    kind: z
      .literal('randomCrop')
      .describe(
        'Pads all four sides, then takes a window of the original size from a uniform place (He et al. 2016, section 4.2: padding 4 for CIFAR-10).',
      ),
    padding: whole(1).describe('Pixels added to each side.'),
    fill,
  }),
  check({ padding }, input) {
    const { height, width } = imageShape(input);
    requirePixels('padding', padding, Math.min(height, width) - 1, input);
  },
});
