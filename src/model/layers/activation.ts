import { z } from 'zod';
import { map } from '../../schema/fields.js';
import { activationOf } from '../activations.js';
import { activationSchema } from './fields.js';
import { layerKind } from './kind.js';

export const activation = layerKind({
  kind: 'activation',
  schema: map({
    kind: z
      .literal('activation')
      .describe('An activation as a layer of its own, for instance after a normalization.'),
    activation: activationSchema
      .optional()
      .describe("Default: the variant's activation, also where it gives the logits."),
  }),
  resolve: (config, defaults) => ({
    ...config,
    activation: activationOf(config.activation ?? defaults.activation),
  }),
  infer: (_spec, input) => ({ output: input, parameters: [], flops: 0 }),
});
