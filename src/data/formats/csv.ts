import { basename, join, resolve } from 'node:path';
import { LockstepError } from '../../protocol/index.js';
import type { Examples } from '../../protocol/index.js';
import { streamSeed } from '../../random/streams.js';
import { selectExamples } from '../column.js';
import { impute } from '../csv/impute.js';
import type { CsvSettings } from '../csv/settings.js';
import type { Table } from '../csv/table.js';
import type { Dataset } from '../dataset.js';
import { describeFile, listFolder, readDataFile } from '../read-file.js';
import { random } from '../splits/random.js';
import { complement } from '../splits/split-training.js';
import { stratified } from '../splits/stratified.js';
import type { DataFormat } from './format.js';

const files = 'train.csv and, if you like, test.csv; or one file of another name ending in .csv';
const ending = /\.csv(\.gz)?$/i;

/**
 * Tables with a header of column names: features that are numbers or categories, and a target of classes
 * or numbers. `data.csv` says which is which.
 */
export const csv: DataFormat = {
  name: 'csv',
  files,
  recognizes: (names) => [...names].some((name) => ending.test(name)),
  async load(folder, { csv: settings } = {}) {
    const { train, test } = await findFiles(folder);
    if (settings === undefined) {
      throw new LockstepError(
        'usage',
        `data.csv: expected settings for ${join(folder, train)}, got none`,
        {
          path: ['data'],
          hint: 'Name the column to predict, for instance data.csv.target=species.',
        },
      );
    }
    if (test !== undefined && settings.test !== undefined) {
      throw new LockstepError(
        'usage',
        `data.csv.test: expected none beside ${join(folder, test)}, got one`,
        { path: ['data', 'csv', 'test'] },
      );
    }
    // Loaded where needed, as most runs read no table.
    const { TableReader } = await import('../csv/table.js');
    const reader = new TableReader(settings);
    const trainFile = await readDataFile(join(folder, train));
    const { rows } = reader.read(trainFile);
    const testFile = test === undefined ? undefined : await readDataFile(join(folder, test));
    if (testFile !== undefined) reader.read(testFile);
    const table = reader.table(trainFile.path);
    const held = testPositions(table, rows, settings, trainFile.path);
    const whole: Examples = table;
    const hasOwn = testFile === undefined && held.length > 0;
    const { features } = table;
    const statistic = settings.missing;
    return {
      name: basename(resolve(folder)),
      train: selectExamples(whole, complement(held, table.count)),
      test: selectExamples(whole, held),
      ...(held.length === 0 && { withoutTest: 'test.csv, and no data.csv.test' }),
      ...(table.classes !== undefined && { classes: table.classes }),
      ...(table.hasMissing &&
        statistic !== 'refuse' && {
          complete: (splits) => impute(splits, features, statistic),
        }),
      files: [
        describeFile(trainFile, [
          'train.inputs',
          'train.targets',
          ...(hasOwn ? (['test.inputs', 'test.targets'] as const) : []),
        ]),
        ...(testFile === undefined
          ? []
          : [describeFile(testFile, ['test.inputs', 'test.targets'])]),
      ],
    } satisfies Dataset;
  },
};

async function findFiles(folder: string): Promise<{ train: string; test: string | undefined }> {
  const names = [...(await listFolder(folder, files))].filter((name) => ending.test(name)).sort();
  const named = (stem: string) => names.find((name) => name.replace(ending, '') === stem);
  const [train, test] = [named('train'), named('test')];
  if (train !== undefined) return { train, test };
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0 && test === undefined) {
    return { train: only, test: undefined };
  }
  throw new LockstepError(
    'data',
    `Expected in ${folder}: ${files}; got ${names.length === 0 ? 'none of them' : names.join(', ')}.`,
    { hint: 'Keep one table a folder.' },
  );
}

/** The rows that are the test split, ascending. */
function testPositions(
  { count, targets, classes, isTest, inputs }: Table,
  trainRows: number,
  { test }: CsvSettings,
  file: string,
): Int32Array {
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const held = ((): Int32Array => {
    if (isTest !== undefined) return rows.filter((row) => isTest[row]!);
    if (test?.fraction === undefined) return rows.subarray(trainRows);
    const choose = classes === undefined ? random : stratified;
    const size = Math.round(test.fraction * count);
    return choose.choose({ count, inputs, targets }, size, streamSeed(test.seed, 'test'));
  })();
  const asked = test !== undefined;
  if (held.length < count && (held.length > 0 || !asked)) return held;
  if (!asked || count === 0) {
    throw new LockstepError('data', `Expected rows to train with in ${file}, got 0.`, {
      hint: 'Use a file that is not empty.',
    });
  }
  const path = ['data', 'csv', 'test'];
  throw new LockstepError(
    'usage',
    `${path.join('.')}: expected rows to train and to test with in ${file}, got ${count - held.length} and ${held.length}`,
    { path, hint: 'Give it another fraction or column.' },
  );
}
