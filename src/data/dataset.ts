import { LockstepError } from '../protocol/index.js';
import type { Column, Examples } from '../protocol/index.js';

/** What the files of a dataset are made of. */
export const parts = ['train.inputs', 'train.targets', 'test.inputs', 'test.targets'] as const;
export type Part = (typeof parts)[number];

/** A data file as a run's provenance records it. */
export interface DataFile {
  /** Without its folder. */
  readonly name: string;
  /** Of the file as stored (of the `.gz` where it is one), 32 hexadecimal digits. */
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
  readonly test: Examples;
  readonly files: readonly DataFile[];
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

/**
 * Checks that every label is a class the network can predict.
 *
 * @param classes units of the network's last layer
 * @throws LockstepError `data`, naming the first label out of range
 */
export function checkLabels(dataset: Dataset, classes: number): void {
  for (const split of ['train', 'test'] as const) {
    const { values } = dataset[split].targets;
    const position = values.findIndex((label) => label < 0 || label >= classes);
    if (position === -1) continue;
    const label = values[position]!;
    const names = filesOf(dataset, `${split}.targets`).map(({ name }) => name);
    throw new LockstepError(
      'data',
      `Expected labels below ${classes}, the units of the last layer, got ${label} at position ${position} (from 0) of ${names.join(', ')}.`,
      {
        hint:
          label < 0
            ? 'Classes count from 0.'
            : `Raise the last layer's units to at least ${label + 1}.`,
      },
    );
  }
}

/** A column as one file, or several, gave it. */
export interface ReadColumn extends Column {
  readonly count: number;
  /** Path, for messages. */
  readonly file: string;
}

/**
 * Makes a dataset of its four columns.
 *
 * @throws LockstepError `data` when they are at odds with each other
 */
export function assembleDataset(
  name: string,
  columns: Readonly<Record<Part, ReadColumn>>,
  files: readonly DataFile[],
): Dataset {
  const train = pair(columns['train.inputs'], columns['train.targets']);
  const test = pair(columns['test.inputs'], columns['test.targets']);
  const [expected, got] = [columns['train.inputs'], columns['test.inputs']].map(describe);
  if (expected !== got) {
    throw new LockstepError(
      'data',
      `Expected test examples of ${expected} as in ${columns['train.inputs'].file}, got ${got} in ${columns['test.inputs'].file}.`,
      { hint: 'Use training and test files of one dataset.' },
    );
  }
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

/** `28 x 28 x 1 uint8`. */
function describe({ shape, values }: Column): string {
  const type = values.constructor.name.replace(/Array$/, '').toLowerCase();
  return `${shape.join(' x ')} ${type}`;
}
