import { LockstepError } from '../protocol/index.js';
import type { Column, Examples, Splits } from '../protocol/index.js';
import { selectExamples, widthOf } from './column.js';
import { isFloat, typeOf } from './values.js';

/** What the files of a dataset are made of. */
export const parts = ['train.inputs', 'train.targets', 'test.inputs', 'test.targets'] as const;
export type Part = (typeof parts)[number];

/** A data file as a run's provenance records it. */
export interface DataFile {
  /** Without its folder. */
  readonly name: string;
  /** MD5 of the file as stored (of the `.gz` if it is one), 32 hexadecimal digits. */
  readonly md5: string;
  /** Size of the file as stored. */
  readonly bytes: number;
  /** Which parts of the dataset it has, whole or a piece of. */
  readonly holds: readonly Part[];
}

/** Examples to train on and to test with, of one shape and type. */
export interface Dataset {
  /** `mnist`, or the folder's name. */
  readonly name: string;
  /** All training examples: `splitTraining` takes the validation split off. */
  readonly train: Examples;
  /** Without examples where there are no test data. */
  readonly test: Examples;
  /** What would have them, for messages; present where there are no test data. */
  readonly withoutTest?: string | undefined;
  /** Names of the classes, by number, where the data have them. */
  readonly classes?: readonly string[] | undefined;
  /**
   * Fills in what is missing from the inputs (NaN), going by the training split alone. Absent: nothing is
   * missing.
   */
  readonly complete?: ((splits: Splits) => Splits) | undefined;
  readonly files: readonly DataFile[];
}

/** Those of a dataset's parts that are there: all, or all but the test data if none of these is. */
export function partsPresent(isThere: (part: Part) => boolean): readonly Part[] {
  const train = parts.filter((part) => part.startsWith('train.'));
  return parts.some((part) => !train.includes(part) && isThere(part)) ? parts : train;
}

/** The files that hold a part of the dataset, at least one. */
export function filesOf({ files }: Pick<Dataset, 'files'>, part: Part): readonly DataFile[] {
  return files.filter(({ holds }) => holds.includes(part));
}

/** MD5s of the files with the classes of the test split, which say whose predictions are comparable. */
export function testLabelsMd5(dataset: Pick<Dataset, 'files'>): string {
  return filesOf(dataset, 'test.targets')
    .map(({ md5 }) => md5)
    .join(' ');
}

/** A column as one file, or several, gave it. */
export interface ReadColumn extends Column {
  readonly count: number;
  /** Path, for messages. */
  readonly file: string;
  /** As in {@link ReadArray}. */
  readonly start?: number | undefined;
}

/**
 * Makes a dataset of its columns.
 *
 * @param read one of each part, or none of `test`
 * @param withoutTest what would have those
 * @throws LockstepError `data` when one cannot be trained with, or they are at odds with each other
 */
export function assembleDataset(
  name: string,
  read: readonly (readonly [Part, ReadColumn])[],
  files: readonly DataFile[],
  withoutTest?: string,
): Dataset {
  const columns = Object.fromEntries(read) as Readonly<Record<Part, ReadColumn>>;
  const train = pair(columns['train.inputs'], columns['train.targets']);
  if (withoutTest !== undefined) {
    for (const [, column] of read) requireFinite(column);
    return { name, train, test: selectExamples(train, new Int32Array()), withoutTest, files };
  }
  const test = pair(columns['test.inputs'], columns['test.targets']);
  const [expected, got] = [columns['train.inputs'], columns['test.inputs']].map(describe);
  if (expected !== got) {
    throw new LockstepError(
      'data',
      `Expected test examples of ${expected} as in ${columns['train.inputs'].file}, got ${got} in ${columns['test.inputs'].file}.`,
      { hint: 'Use training and test files of one dataset.' },
    );
  }
  for (const column of Object.values(columns)) requireFinite(column);
  return { name, train, test, files };
}

function pair(inputs: ReadColumn, targets: ReadColumn): Examples {
  if (inputs.count !== targets.count) {
    throw new LockstepError(
      'data',
      `Expected a label for each example: ${inputs.file} has ${inputs.count} examples, ${targets.file} has ${targets.count} labels.`,
      { hint: 'Use inputs and labels of one dataset.' },
    );
  }
  if (inputs.count === 0) {
    throw new LockstepError('data', `Expected at least one example in ${inputs.file}, got none.`, {
      hint: 'Use files that are not empty.',
    });
  }
  return { count: inputs.count, inputs: column(inputs), targets: column(targets) };
}

function column({ shape, values }: ReadColumn): Column {
  return { shape, values };
}

function requireFinite(column: ReadColumn): void {
  const { values, file, start } = column;
  if (!isFloat(values)) return;
  const position = values.findIndex((value) => !Number.isFinite(value));
  if (position === -1) return;
  const byte = start === undefined ? '' : ` at byte ${start + position * values.BYTES_PER_ELEMENT}`;
  const example = Math.floor(position / widthOf(column));
  throw new LockstepError(
    'data',
    `Expected finite numbers in ${file}, got ${values[position]!}${byte}, in example ${example} (from 0).`,
    { hint: 'Replace missing values before training.' },
  );
}

/** `28 x 28 x 1 uint8`. */
function describe({ shape, values }: Column): string {
  return `${shape.join(' x ')} ${typeOf(values)}`;
}
