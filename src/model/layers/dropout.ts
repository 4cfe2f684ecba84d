import { z } from 'zod';
import { fraction, map, oneOf } from '../../schema/fields.js';
import { dropoutMethods, layerKind } from './kind.js';

export const dropout = layerKind({
  kind: 'dropout',
  schema: map({
    kind: z.literal('dropout').describe('Drops units while training.'),
    method: oneOf(dropoutMethods)
      .optional()
      .describe(
        "`standard`: inverted dropout. `alpha`: keeps mean and variance of SELU networks. `spatial`: inverted dropout of whole channels, as Keras's SpatialDropout2D. Default: the variant's dropout.kind.",
      ),
    rate: fraction()
      .optional()
      .describe("Probability of dropping a unit. Default: the variant's dropout.rate."),
  }),
  draws: true,
  resolve: (config, { dropout }) => ({
    ...config,
    method: config.method ?? dropout.kind,
    rate: config.rate ?? dropout.rate,
  }),
  infer: (_spec, input) => ({ output: input, parameters: [], flops: 0 }),
});
