import { basename, join, resolve } from 'node:path';
import { LockstepError } from '../../protocol/index.js';
import { assembleDataset } from '../dataset.js';
import type { Dataset, Part, ReadColumn } from '../dataset.js';
import { sharedMemory } from '../memory.js';
import { describeFile, listFolder, otherCopyHint, readDataFile } from '../read-file.js';
import type { StoredFile } from '../read-file.js';

const [height, width, channels] = [32, 32, 3];
const pixels = height * width;

/** What one of the binary CIFAR data sets is like. */
export interface CifarLayout {
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** The file to unpack, for messages. */
  readonly archive: string;
  /** Label bytes before the pixels of a record. */
  readonly labels: number;
  /** Which of them is the class. */
  readonly label: number;
  readonly classes: number;
  /** Where other data of that kind may be meant. */
  readonly hint: string;
}

/**
 * Reads records of some label bytes, then a red, a green and a blue plane of 32 x 32 bytes.
 *
 * @throws LockstepError `data` when a file is missing or has a record that is cut short or of no class
 */
export async function loadCifar(folder: string, layout: CifarLayout): Promise<Dataset> {
  const present = await listFolder(folder, [...layout.train, ...layout.test].join(', '));
  const hasTest = layout.test.some((name) => present.has(name));
  const missing = [...layout.train, ...(hasTest ? layout.test : [])].filter(
    (name) => !present.has(name),
  );
  if (missing.length > 0) {
    throw new LockstepError(
      'data',
      `Expected in ${folder}: ${missing.join(', ')}; got none of them.`,
      { hint: `Unpack all of ${layout.archive}.` },
    );
  }
  const read = (list: readonly string[]) =>
    Promise.all(list.map((name) => readDataFile(join(folder, name))));
  const [train, test] = [await read(layout.train), await read(hasTest ? layout.test : [])];
  return assembleDataset(
    basename(resolve(folder)),
    [...columns('train', train, layout), ...(hasTest ? columns('test', test, layout) : [])],
    [
      ...train.map((file) => describeFile(file, ['train.inputs', 'train.targets'])),
      ...test.map((file) => describeFile(file, ['test.inputs', 'test.targets'])),
    ],
    hasTest ? undefined : layout.test.join(', '),
  );
}

/** The images, channels last, and labels of some files, one after the other. */
function columns(
  split: 'train' | 'test',
  stored: readonly StoredFile[],
  layout: CifarLayout,
): (readonly [Part, ReadColumn])[] {
  const record = layout.labels + pixels * channels;
  const counts = stored.map((one) => countRecords(one, record));
  const count = counts.reduce((sum, one) => sum + one, 0);
  const images = new Uint8Array(sharedMemory(count * pixels * channels, stored[0]!.path));
  const labels = new Uint8Array(new SharedArrayBuffer(count));
  let example = 0;
  stored.forEach(({ content, path }, index) => {
    for (let i = 0; i < counts[index]!; i++, example++) {
      const start = i * record;
      labels[example] = labelAt(content, start + layout.label, path, layout);
      const out = example * pixels * channels;
      for (let channel = 0; channel < channels; channel++) {
        const plane = start + layout.labels + channel * pixels;
        for (let pixel = 0; pixel < pixels; pixel++) {
          images[out + pixel * channels + channel] = content[plane + pixel]!;
        }
      }
    }
  });
  const file = stored[0]!.path;
  return [
    [
      `${split}.inputs`,
      { count, shape: [height, width, channels], values: images, file, start: layout.labels },
    ],
    [`${split}.targets`, { count, shape: [], values: labels, file, start: layout.label }],
  ];
}

function countRecords({ content, path }: StoredFile, record: number): number {
  const count = content.byteLength / record;
  if (Number.isInteger(count)) return count;
  throw new LockstepError(
    'data',
    `Expected whole records of ${record} bytes in ${path}, got ${content.byteLength} bytes: ${content.byteLength % record} after the last.`,
    { hint: otherCopyHint },
  );
}

function labelAt(
  content: Uint8Array,
  start: number,
  path: string,
  { classes, hint }: CifarLayout,
): number {
  const label = content[start]!;
  if (label < classes) return label;
  throw new LockstepError(
    'data',
    `Expected a label below ${classes} at byte ${start} of ${path}, got ${label}.`,
    { hint },
  );
}
