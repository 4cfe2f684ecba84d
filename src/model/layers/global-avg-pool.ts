import { z } from 'zod';
import { map } from '../../schema/fields.js';
import { layerKind } from './kind.js';
import { requireImage } from './shapes.js';

export const globalAvgPool = layerKind({
  kind: 'globalAvgPool',
  schema: map({
    kind: z
      .literal('globalAvgPool')
      .describe('Mean over the whole image of each channel: turns an image into a vector.'),
  }),
  resolve: (config) => config,
  infer(_spec, input) {
    const [, , channels] = requireImage(input);
    return { output: [channels], parameters: [], flops: 0 };
  },
});
