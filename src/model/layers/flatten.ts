import { z } from 'zod';
import { map } from '../../schema/fields.js';
import { layerKind } from './kind.js';
import { sizeOf } from './shapes.js';

export const flatten = layerKind({
  kind: 'flatten',
  schema: map({
    kind: z.literal('flatten').describe('Turns an image into a vector, row by row.'),
  }),
  resolve: (config) => config,
  infer: (_spec, input) => ({ output: [sizeOf(input)], parameters: [], flops: 0 }),
});
