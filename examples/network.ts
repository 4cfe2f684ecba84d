// The tutorial's network as a module: the same numbers, to the bit, as `network.layers` of configs/tutorial.yaml.
// Node.js 22.18 and later read this file as it is; for an older one compile it (docs/modules.md says how).
import { z } from 'zod';
import type { VariantModule } from 'lockstep/module';

const options = z.strictObject({
  activation: z.enum(['relu', 'selu']),
  /** Units of the hidden dense layer. */
  units: z.int().min(1).default(1024),
  /** Probability of dropping a unit. */
  rate: z.number().min(0).lt(1).default(0),
});

export default {
  options,
  async create({ layers, outputs, options: { activation, units, rate } }) {
    const isSelu = activation === 'selu';
    const network = await layers(
      [
        { kind: 'conv2d', filters: 32, kernelSize: 5 },
        { kind: 'maxPool', poolSize: 2 },
        { kind: 'conv2d', filters: 64, kernelSize: 5 },
        { kind: 'maxPool', poolSize: 2 },
        { kind: 'flatten' },
        { kind: 'dense', units },
        { kind: 'dropout' },
        { kind: 'dense', units: outputs },
      ],
      {
        activation,
        init: isSelu ? 'lecun' : 'he',
        dropout: { kind: isSelu ? 'alpha' : 'standard', rate },
      },
    );
    return {
      variables: network.variables,
      forward: (inputs, pass) => network.forward(inputs, pass),
      // The same operations each time, so the native engine may make one function of a step.
      compile: true,
    };
  },
} satisfies VariantModule<z.output<typeof options>>;
