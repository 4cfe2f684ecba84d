import { z } from 'zod';
import { scalings } from '../../data/scalings/kinds.js';
import { activationNames, activations } from '../../model/activations.js';
import { activationSchema, initializerSchema } from '../../model/layers/fields.js';
import { initializerDescription } from '../../model/initializers.js';
import { layerSchema } from '../../model/layers.js';
import { dropoutMethods } from '../../model/layers/kind.js';
import { optimizerOverrideSchema } from '../../model/optimizers.js';
import { fraction, label, list, map, oneOf, whole } from '../../schema/fields.js';
import { variantName } from './names.js';

const scalingNames = scalings.map(({ name }) => name) as [string, ...string[]];
const formulas = activationNames.map((name) => `\`${name}\`: ${activations[name].formula}.`);

export const networkSchema = map({
  layers: list(layerSchema).describe('From the inputs to the logits, one layer an item.'),
});

const variantSchema = map({
  label: label().optional().describe("What people read. Default: the variant's name."),
  legend: label()
    .optional()
    .describe("The variant's line in the figure's legend. Default: `Loss <label>`."),
  input: oneOf(scalingNames)
    .default(scalingNames[0])
    .describe(scalings.map(({ name, description }) => `\`${name}\`: ${description}.`).join(' ')),
  activation: activationSchema.describe(
    `Activation of every layer that names none. ${formulas.join(' ')}`,
  ),
  init: initializerSchema.describe(initializerDescription),
  dropout: map({
    kind: oneOf(dropoutMethods)
      .default('standard')
      .describe(
        "`standard`: inverted dropout. `alpha`: keeps mean and variance of SELU networks. `spatial`: inverted dropout of whole channels, as Keras's SpatialDropout2D.",
      ),
    rate: fraction().default(0).describe('Probability of dropping a unit; 0 drops none.'),
  })
    .prefault({})
    .describe('How the dropout layers drop.'),
  network: networkSchema
    .optional()
    .describe('Layers of this variant, instead of the shared network.'),
  batchSize: whole(1)
    .optional()
    .describe(
      'Examples of an update; data.batchSize is a multiple of it. The variant takes the shared minibatch of each step in as many parts, one after the other, with an update on each. Default: data.batchSize, one update a step.',
    ),
  optimizer: optimizerOverrideSchema
    .optional()
    .describe(
      'Settings of this variant, over the shared optimizer; one of another kind replaces it.',
    ),
});

export const variantsSchema = z
  .record(variantName.describe('Names the variant in logs and files.'), variantSchema, {
    error: 'a map from variant name to variant',
  })
  .superRefine((variants, context) => {
    const names = Object.keys(variants);
    if (names.length < 2) {
      context.addIssue(`expected at least two variants to compare, got ${names.length}`);
    }
    // Names become file names, and many file systems ignore case.
    for (const [name, other] of repeated(names, (name) => name.toLowerCase())) {
      const message = `expected a name that differs from ${other} in more than case, got ${name}`;
      context.addIssue({ code: 'custom', path: [name], message, params: { about: 'key' } });
    }
    for (const [name, other] of repeated(names, (name) => variants[name]?.label ?? name)) {
      const message = `expected a label unlike that of ${other}, got the same`;
      context.addIssue({ code: 'custom', path: [name, 'label'], message });
    }
  })
  .transform((variants) =>
    Object.fromEntries(
      Object.entries(variants).map(([name, variant]) => [
        name,
        { ...variant, label: variant.label ?? name },
      ]),
    ),
  );

/** Each name whose text equals that of an earlier one, with that earlier one. */
function repeated(names: readonly string[], textOf: (name: string) => string): [string, string][] {
  const texts = names.map(textOf);
  return names.flatMap((name, index): [string, string][] => {
    const first = texts.indexOf(texts[index]!);
    return first < index ? [[name, names[first]!]] : [];
  });
}
