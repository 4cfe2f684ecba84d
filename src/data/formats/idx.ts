import { basename, join, resolve } from 'node:path';
import { LockstepError } from '../../protocol/index.js';
import { columnOf } from '../array-column.js';
import { assembleDataset, parts, partsPresent } from '../dataset.js';
import type { Dataset, Part, ReadColumn } from '../dataset.js';
import { describeFile, listFolder, readDataFile } from '../read-file.js';
import type { StoredFile } from '../read-file.js';
import { sharedLike } from '../values.js';
import { parseIdx } from './idx-file.js';
import type { DataFormat } from './format.js';

/** How MNIST and its relatives name the file of each part; they may put their own name and `-` before it. */
const stems: Readonly<Record<Part, readonly [part: string, format: string]>> = {
  'train.inputs': ['train-images', 'idx3-ubyte'],
  'train.targets': ['train-labels', 'idx1-ubyte'],
  'test.inputs': ['t10k-images', 'idx3-ubyte'],
  'test.targets': ['t10k-labels', 'idx1-ubyte'],
};
const testStems = [stems['test.inputs'], stems['test.targets']];
const files = `${Object.values(stems)
  .map(([part, format]) => `${part}-${format}`)
  .join(', ')} (plain or .gz)`;

/**
 * The four IDX files of MNIST and its relatives: images `[n, height, width]` or `[n, height, width,
 * channels]` or features `[n, features]`, bytes, integers or floats, and integer labels `[n]`, or `[n, columns]` of
 * which `data.idx.label` says one.
 */
export const idx: DataFormat = {
  name: 'idx',
  files,
  recognizes: (names) => parts.some((part) => spellings(part, names).length > 0),
  async load(folder, { idx: settings } = {}) {
    return idxDataset(basename(resolve(folder)), await readIdxFiles(folder), settings?.label);
  },
};

/** The files of a folder, by what they hold: all four, or those of the training data. */
export type IdxFiles = Readonly<Partial<Record<Part, StoredFile>>>;

/**
 * Reads the IDX files of a folder, those of the test data if any of them is there, spelled `train-images-idx3-ubyte` or
 * `train-images.idx3-ubyte`, plain or `.gz`; plain wins where both are there. The numbers and words
 * after `idx` are those of the axes and the type, such as `idx4-ubyte` or `idx1-int`. All may begin with the name of
 * the dataset, as in `emnist-letters-train-images-idx3-ubyte`, and `test` may stand for `t10k`.
 *
 * @throws LockstepError `data` when the folder cannot be listed or a file is missing or unreadable
 */
export async function readIdxFiles(folder: string): Promise<IdxFiles> {
  const names = await listFolder(folder, files);
  const wanted = partsPresent((part) => spellings(part, names).length > 0);
  const found = wanted.map((part) => ({ part, spelled: spellings(part, names) }));
  const missing = found.filter(({ spelled }) => spelled.length === 0);
  if (missing.length > 0) {
    const lacking = missing.map(({ part }) => {
      const [stem, format] = stems[part];
      const usual = [`${stem}-${format}`, `${stem}.${format}`];
      return `one of ${usual.flatMap((name) => [name, `${name}.gz`]).join(', ')}`;
    });
    throw new LockstepError(
      'data',
      `Expected in ${folder}: ${lacking.join('; ')}; got none of them.`,
      {
        hint: 'Put the four IDX files of the dataset, plain or .gz, in one folder.',
      },
    );
  }
  for (const { part, spelled } of found) requireOne(folder, stems[part][0], spelled);
  requireSameNames(
    folder,
    found.map(({ spelled }) => spelled[0]!),
  );
  const read = await Promise.all(
    found.map(async ({ part, spelled }) => {
      return [part, await readDataFile(join(folder, spelled[0]!))] as const;
    }),
  );
  return Object.fromEntries(read);
}

/**
 * @param label the column of the labels that is the class; absent: they have one
 * @throws LockstepError `data` when a file is no sound IDX file, or at odds with another; `usage` when the
 * labels have no such column
 */
export function idxDataset(name: string, files: IdxFiles, label?: number): Dataset {
  const read = parts.flatMap((part) => {
    const file = files[part];
    return file === undefined ? [] : [{ part, file }];
  });
  const columns = read.map(({ part, file: { content, path } }) => {
    const column = columnOf(parseIdx(content, path), part, path);
    const isChoice = label !== undefined && part.endsWith('.targets');
    return [part, isChoice ? labelColumn(column, label) : column] as const;
  });
  return assembleDataset(
    name,
    columns,
    read.map(({ part, file }) => describeFile(file, [part])),
    files['test.inputs'] === undefined
      ? testStems.map(([part, format]) => `${part}-${format}`).join(' and ')
      : undefined,
  );
}

/** One number of each example's. */
function labelColumn(column: ReadColumn, label: number): ReadColumn {
  const { values, shape, file, count } = column;
  const [width = 1, ...others] = shape;
  if (others.length > 0 || label >= width) {
    const path = ['data', 'idx', 'label'];
    throw new LockstepError(
      'usage',
      `${path.join('.')}: expected a column of the labels in ${file}, of shape [${[count, ...shape].join(', ')}], got ${label}`,
      { path, hint: 'Columns count from 0; leave it out where each example has one label.' },
    );
  }
  const chosen = sharedLike(values, count);
  for (let example = 0; example < count; example++)
    chosen[example] = values[example * width + label]!;
  return { ...column, shape: [], values: chosen };
}

/** The names under which a folder has a part, plain before `.gz`, `-idx` before `.idx`. */
function spellings(part: Part, names: ReadonlySet<string>): string[] {
  const stem = stems[part][0].replace('t10k', '(?:t10k|test)');
  const pattern = new RegExp(`^(?:.+-)?${stem}[-.]idx\\d-[a-z]+(\\.gz)?$`);
  const rank = (name: string) => (name.endsWith('.gz') ? 1 : 0) + (name.includes('.idx') ? 2 : 0);
  return [...names].filter((name) => pattern.test(name)).sort((a, b) => rank(a) - rank(b));
}

function requireOne(folder: string, stem: string, spelled: readonly string[]): void {
  const kinds = new Set(spelled.map((name) => name.replace(/\.gz$/, '').replace('.idx', '-idx')));
  if (kinds.size === 1) return;
  throw new LockstepError(
    'data',
    `Expected one file of ${stem} in ${folder}, got ${spelled.join(' and ')}.`,
    { hint: 'Put the files of each dataset in a folder of their own.' },
  );
}

/** @throws LockstepError `data` for files whose names begin with those of several datasets */
function requireSameNames(folder: string, names: readonly string[]): void {
  const prefixes = names.map((name) => /^(.+-)?(?=(?:train|t10k|test)-)/.exec(name)?.[0] ?? '');
  const other = prefixes.findIndex((prefix) => prefix !== prefixes[0]);
  if (other < 0) return;
  throw new LockstepError(
    'data',
    `Expected files of one dataset in ${folder}, got ${names[0]!} and ${names[other]!}.`,
    { hint: 'Put the files of each dataset in a folder of their own.' },
  );
}
