import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { formats } from '../../data/formats/index.js';
import { formatSettings } from '../../data/formats/settings.js';
import type { FormatSettings } from '../../data/formats/settings.js';
import { splitKinds } from '../../data/splits/kinds.js';
import { fraction, map, oneOf, text, whole } from '../../schema/fields.js';

export interface Validation {
  /** At most one of `examples` and `fraction` is there. */
  readonly examples?: number | undefined;
  readonly fraction?: number | undefined;
  readonly split: string;
  readonly seed: number;
}

export interface Data extends FormatSettings {
  readonly dataset: 'mnist' | 'path';
  /** Absolute; present when `dataset` is `path`. */
  readonly path?: string | undefined;
  /** The format of the folder's files; absent: recognized from their names. */
  readonly format?: string | undefined;
  /** Unless `validation` says how many. */
  readonly validationSize?: number | undefined;
  readonly validation?: Validation | undefined;
  readonly batchSize: number;
}

const settingsShape = {
  csv: formatSettings.csv.optional(),
  cifar100: formatSettings.cifar100.optional(),
  idx: formatSettings.idx.optional(),
};
const settingNames = Object.keys(settingsShape) as (keyof typeof settingsShape)[];
const defaultValidationSize = 5000;
const splitNames = splitKinds.map(({ name }) => name) as [string, ...string[]];
const layouts = formats.map(({ name, files }) => `${name}: ${files}.`).join(' ');

export const dataSchema = map({
  dataset: text()
    .optional()
    .describe(
      '`mnist`, which comes with Lockstep, or a folder with the files of a dataset, relative to this file.',
    ),
  path: text()
    .optional()
    .describe(
      `A folder with the files of a dataset, relative to this file; stands in for \`dataset\`. ${layouts}`,
    ),
  format: oneOf(formats.map(({ name }) => name) as [string, ...string[]])
    .optional()
    .describe('What the files of the folder are. Default: what their names say.'),
  ...settingsShape,
  validationSize: whole(0)
    .optional()
    .meta({ default: defaultValidationSize })
    .describe(
      'How many training examples form the validation split: the first, unless `validation` says which.',
    ),
  validation: map({
    examples: whole(0).optional().describe('How many. Default: `validationSize`.'),
    fraction: fraction()
      .optional()
      .describe('How many of the training examples, rounded to the nearest number of examples.'),
    split: oneOf(splitNames)
      .default(splitNames[0])
      .describe(
        `Which ones. ${splitKinds.map(({ name, description }) => `\`${name}\`: ${description}.`).join(' ')}`,
      ),
    seed: whole(0)
      .default(0)
      .describe('Of the choice, which is the same for all trials, whatever their seeds.'),
  })
    .optional()
    .describe('Which training examples form the validation split, in place of the first.'),
  batchSize: whole(1).default(128).describe('Examples in a minibatch.'),
}).transform(({ dataset, path, format: asked, batchSize, ...rest }, context): Data => {
  const validation = resolveValidation(rest, context);
  if (validation === undefined) return z.NEVER;
  const sizes = { ...validation, batchSize };
  const [settings, ...others] = settingNames.filter((name) => rest[name] !== undefined);
  const format = asked ?? settings;
  if (settings !== undefined && (others.length > 0 || settings !== format)) {
    const key = settings === format ? others[0]! : settings;
    const message = `expected no settings of a format that the data do not have: they are ${format}`;
    context.addIssue({ code: 'custom', path: [key], message, params: { about: 'key' } });
    return z.NEVER;
  }
  const folder = dataset === undefined || dataset === 'path' ? path : dataset;
  if (path !== undefined && folder !== path) {
    context.addIssue(`expected either a dataset or a path, got ${dataset} and ${path}`);
    return z.NEVER;
  }
  if (folder === undefined || folder === 'mnist') {
    if (format !== undefined) {
      const message = `expected none, as it is that of a folder in data.path, got ${format}`;
      context.addIssue({ code: 'custom', path: [settings ?? 'format'], message });
      return z.NEVER;
    }
    if (dataset !== 'path') return { dataset: 'mnist', ...sizes };
    const message = 'expected the folder as data.path (or as data.dataset itself), got none';
    context.addIssue({ code: 'custom', path: ['dataset'], message });
    return z.NEVER;
  }
  if (!isAbsolute(folder)) {
    // Files and flags have made their folders absolute; what is left is a misspelt name, or a point
    // of a sweep.
    const got = JSON.stringify(folder);
    const message = /[\\/]/.test(folder)
      ? `expected an absolute folder, got ${got}`
      : `expected mnist or a folder, got ${got}; to name a folder write ./${folder}`;
    context.addIssue({ code: 'custom', path: [path === undefined ? 'dataset' : 'path'], message });
    return z.NEVER;
  }
  return {
    dataset: 'path',
    path: folder,
    ...(format !== undefined && { format }),
    ...(settings !== undefined && { [settings]: rest[settings] }),
    ...sizes,
  };
});

type AskedValidation = Pick<Data, 'validationSize' | 'validation'>;

/** One size only, the default one if none is given. */
function resolveValidation(
  { validationSize, validation }: AskedValidation,
  context: z.core.$RefinementCtx,
): AskedValidation | undefined {
  const sizes = Object.entries({
    'validation.fraction': validation?.fraction,
    'validation.examples': validation?.examples,
    validationSize,
  }).filter(([, size]) => size !== undefined);
  if (sizes.length > 1) {
    const [key, other] = sizes.map(([name]) => name) as [string, string];
    const message = `expected one size of the validation split, got data.${other} too; null removes an inherited one`;
    context.addIssue({ code: 'custom', path: key.split('.'), message });
    return undefined;
  }
  const size = sizes.length === 0 ? defaultValidationSize : validationSize;
  return {
    ...(size !== undefined && { validationSize: size }),
    ...(validation !== undefined && { validation }),
  };
}
