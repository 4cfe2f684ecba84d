import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { formats } from '../../data/formats/index.js';
import { map, oneOf, text, whole } from '../../schema/fields.js';

export interface Data {
  readonly dataset: 'mnist' | 'path';
  /** Absolute; present when `dataset` is `path`. */
  readonly path?: string | undefined;
  /** The format of the folder's files; absent: recognized from their names. */
  readonly format?: string | undefined;
  readonly validationSize: number;
  readonly batchSize: number;
}

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
  validationSize: whole(0)
    .default(5000)
    .describe('How many of the first training examples form the validation split.'),
  batchSize: whole(1).default(128).describe('Examples in a minibatch.'),
}).transform(({ dataset, path, format, ...sizes }, context): Data => {
  const folder = dataset === undefined || dataset === 'path' ? path : dataset;
  if (path !== undefined && folder !== path) {
    context.addIssue(`expected either a dataset or a path, got ${dataset} and ${path}`);
    return z.NEVER;
  }
  if (folder === undefined || folder === 'mnist') {
    if (format !== undefined) {
      const message = `expected none, as it is that of a folder in data.path, got ${format}`;
      context.addIssue({ code: 'custom', path: ['format'], message });
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
  return { dataset: 'path', path: folder, ...(format !== undefined && { format }), ...sizes };
});
