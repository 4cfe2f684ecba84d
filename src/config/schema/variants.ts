import { z } from 'zod';
import { scalings } from '../../data/scalings/kinds.js';
import { activationNames, activations } from '../../model/activations.js';
import { activationSchema, initializerSchema } from '../../model/layers/fields.js';
import { initializerDescription } from '../../model/initializers.js';
import { layerSchema } from '../../model/layers.js';
import { dropoutMethods } from '../../model/layers/kind.js';
import { optimizerOverrideSchema } from '../../model/optimizers.js';
import { feeds } from '../../model/variant.js';
import { fraction, label, list, map, oneOf, positive, whole } from '../../schema/fields.js';
import { variantName } from './names.js';

const scalingNames = scalings.map(({ name }) => name) as [string, ...string[]];
const formulas = activationNames.map((name) => `\`${name}\`: ${activations[name].formula}.`);

export const networkSchema = map({
  layers: list(layerSchema).describe('From the inputs to the logits, one layer an item.'),
});

const argumentRule = 'text: the program or one of its arguments';
const patternRule = 'text: a pattern of files';

interface OwnCode {
  readonly program?: unknown;
  readonly module?: unknown;
}

/** Whether a variant has what its built-in network needs. */
function needs(key: 'activation' | 'init') {
  return (variant: OwnCode & Partial<Record<typeof key, unknown>>) =>
    variant.program !== undefined || variant.module !== undefined || variant[key] !== undefined;
}

/** The issue that a required key gives, reported beside all others. */
function missing(key: string, schema: z.ZodType) {
  const error = schema.safeParse(undefined).error?.issues[0]?.message ?? '';
  return {
    path: [key],
    error,
    params: { about: 'missing' },
    when: ({ value }: { readonly value: unknown }) => typeof value === 'object' && value !== null,
  };
}

const variantSchema = map({
  label: label().optional().describe("What people read. Default: the variant's name."),
  legend: label()
    .optional()
    .describe("The variant's line in the figure's legend. Default: `Loss <label>`."),
  input: oneOf(scalingNames)
    .default(scalingNames[0])
    .describe(scalings.map(({ name, description }) => `\`${name}\`: ${description}.`).join(' ')),
  activation: activationSchema
    .optional()
    .describe(
      `Activation of every layer that names none; required unless there is a \`module\` or a \`program\`. ${formulas.join(' ')}`,
    ),
  init: initializerSchema
    .optional()
    .describe(`${initializerDescription} Required unless there is a \`module\` or a \`program\`.`),
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
  module: z
    .string({ error: 'a file with JavaScript or TypeScript' })
    .min(1, { error: 'a file with JavaScript or TypeScript' })
    .optional()
    .describe(
      'A file of yours that makes the network of this variant with TensorFlow.js, instead of the built-in one: `./network.ts`, relative to the configuration. docs/modules.md has its interface.',
    ),
  program: list(z.string({ error: argumentRule }).min(1, { error: argumentRule }))
    .optional()
    .describe(
      'A program that trains this variant instead of the built-in network, with its arguments: `[python, train.py]`. No shell reads it; what names a file is relative to the working directory. docs/programs.md has the protocol.',
    ),
  options: z
    .record(z.string(), z.unknown(), { error: 'a map' })
    .optional()
    .describe('Settings of your own that the module or the program gets as they are.'),
  files: list(z.string({ error: patternRule }).min(1, { error: patternRule }))
    .optional()
    .describe(
      'Files of the program whose changes `resume` refuses and `verify` tells, as patterns such as `src/**/*.py`, relative to the working directory. The files that the command names are always among them. Default: those beside the first file that the command names, with the same extension.',
    ),
  feed: oneOf(feeds)
    .optional()
    .describe(
      'What the program gets of every minibatch. `positions`: those of the examples in the training split, which it reads from files. `examples`: the examples, too. `none`: nothing, as it reads its own data; its minibatches are then not proven the same. Default: positions.',
    ),
  timeout: positive()
    .optional()
    .describe('Seconds that each answer of the program may take. Default: 600.'),
})
  .refine(needs('activation'), missing('activation', activationSchema))
  .refine(needs('init'), missing('init', initializerSchema))
  .superRefine((variant, context) => {
    for (const [key, where] of misplaced(variant)) {
      const message = `expected only in variants ${where}`;
      context.addIssue({ code: 'custom', path: key.split('.'), message, params: { about: 'key' } });
    }
  });

type Keys = Readonly<Record<string, unknown>>;

/** The keys that a variant of another kind may have, and what that kind has. */
function misplaced({
  module,
  program,
  dropout,
  ...variant
}: OwnCode & Keys & { readonly dropout: { readonly rate: number } }): [string, string][] {
  const { network, activation, init, batchSize, options, files, feed, timeout } = variant;
  const builtIn = { network, activation, init, 'dropout.rate': dropout.rate || undefined };
  const found = (keys: Keys, where: string) =>
    Object.entries(keys).flatMap(([key, value]): [string, string][] =>
      value === undefined ? [] : [[key, where]],
    );
  if (program !== undefined) {
    return found({ module, batchSize, ...builtIn }, 'without a program');
  }
  const ofPrograms = found({ files, feed, timeout }, 'with a program');
  return module === undefined
    ? [...found({ options }, 'with a module or a program'), ...ofPrograms]
    : [...found(builtIn, 'without a module'), ...ofPrograms];
}

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
