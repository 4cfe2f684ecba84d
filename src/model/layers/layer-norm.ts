import { z } from 'zod';
import { map } from '../../schema/fields.js';
import { layerKind } from './kind.js';
import { epsilon, scaleAndShift } from './normalization.js';

export const layerNorm = layerKind({
  kind: 'layerNorm',
  schema: map({
    kind: z
      .literal('layerNorm')
      .describe(
        'Layer normalization over the last axis, as Keras defines it: of each pixel over its channels, or of a vector; then `gamma x + beta`.',
      ),
    epsilon,
  }),
  resolve: (config) => config,
  infer: (_spec, input) => ({ output: input, parameters: scaleAndShift(input), flops: 0 }),
});
