import { z } from 'zod';
import { finite } from '../../schema/fields.js';

/** What comes into an image from beyond its edges: a number, or its own pixels. */
export type Fill = number | 'edge' | 'reflect';

const error = 'a finite number, edge or reflect';

export const fill = z
  .union([finite(), z.literal(['edge', 'reflect'])], { error })
  .default(0)
  .describe(
    'What comes in from outside the image: a number (bytes count as numbers in [0, 1]), `edge`: the nearest pixel, or `reflect`: the image mirrored at its outermost pixels.',
  );
