import { z } from 'zod';
import { map } from '../../schema/fields.js';
import { fill } from './fill.js';
import { imageShape } from './image.js';
import { augmentationKind } from './kind.js';

const error = 'a number of degrees above 0, at most 180';

export const rotation = augmentationKind({
  schema: map({
    kind: z
      .literal('rotation')
      .describe(
        'Turns the image about its centre by a uniform angle, with bilinear interpolation.',
      ),
    degrees: z
      .number({ error })
      .gt(0, { error })
      .lte(180, { error })
      .describe('How far at most, in either direction.'),
    fill,
  }),
  check(_spec, input) {
    imageShape(input);
  },
});
