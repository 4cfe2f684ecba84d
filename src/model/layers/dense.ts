import { z } from 'zod';
import { map, whole } from '../../schema/fields.js';
import { drawn } from '../initializers.js';
import { activation, bias, init } from './fields.js';
import { activationFor, biasOf, layerKind } from './kind.js';
import { misfit } from './shapes.js';

export const dense = layerKind({
  kind: 'dense',
  schema: map({
    kind: z.literal('dense').describe('Fully connected layer.'),
    units: whole(1).describe('Number of outputs.'),
    activation,
    init,
    bias,
  }),
  weighs: true,
  resolve: (config, defaults, givesLogits) => ({
    ...config,
    activation: activationFor(config, defaults, givesLogits),
    init: config.init ?? defaults.init,
    bias: config.bias ?? true,
  }),
  infer({ units, init, bias }, input) {
    const [inputs] = input;
    if (inputs === undefined || input.length !== 1) {
      throw misfit('a flat input [units]', input, 'Put {kind: flatten} before it.');
    }
    return {
      output: [units],
      parameters: [
        {
          name: 'kernel',
          shape: [inputs, units],
          trainable: true,
          init: drawn(init, { fanIn: inputs, fanOut: units }),
        },
        ...biasOf(bias, units),
      ],
      flops: 2 * inputs * units,
    };
  },
});
