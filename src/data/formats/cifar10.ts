import { basename, join, resolve } from 'node:path';
import { LockstepError } from '../../protocol/index.js';
import { assembleDataset } from '../dataset.js';
import type { Part, ReadColumn } from '../dataset.js';
import { describeFile, listFolder, otherCopyHint, readDataFile } from '../read-file.js';
import type { StoredFile } from '../read-file.js';
import type { DataFormat } from './format.js';

const names = {
  train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
  test: ['test_batch.bin'],
};
const files = 'data_batch_1.bin to data_batch_5.bin, test_batch.bin';

const [height, width, channels] = [32, 32, 3];
const pixels = height * width;
const record = 1 + pixels * channels;
const classes = 10;

/**
 * The binary version of CIFAR-10: records of a label byte, then a red, a green and a blue plane of 32 x 32
 * bytes.
 * @see https://www.cs.toronto.edu/~kriz/cifar.html
 */
export const cifar10: DataFormat = {
  name: 'cifar10',
  files,
  recognizes: (present) => [...names.train, ...names.test].some((name) => present.has(name)),
  async load(folder) {
    const present = await listFolder(folder, files);
    const hasTest = names.test.some((name) => present.has(name));
    const missing = [...names.train, ...(hasTest ? names.test : [])].filter(
      (name) => !present.has(name),
    );
    if (missing.length > 0) {
      throw new LockstepError(
        'data',
        `Expected in ${folder}: ${missing.join(', ')}; got none of them.`,
        { hint: 'Unpack all of cifar-10-binary.tar.gz.' },
      );
    }
    const read = (list: readonly string[]) =>
      Promise.all(list.map((name) => readDataFile(join(folder, name))));
    const [train, test] = [await read(names.train), await read(hasTest ? names.test : [])];
    return assembleDataset(
      basename(resolve(folder)),
      [...columns('train', train), ...(hasTest ? columns('test', test) : [])],
      [
        ...train.map((file) => describeFile(file, ['train.inputs', 'train.targets'])),
        ...test.map((file) => describeFile(file, ['test.inputs', 'test.targets'])),
      ],
      hasTest ? undefined : names.test.join(', '),
    );
  },
};

/** The images, channels last, and labels of some files, one after the other. */
function columns(
  split: 'train' | 'test',
  stored: readonly StoredFile[],
): (readonly [Part, ReadColumn])[] {
  const counts = stored.map(countRecords);
  const count = counts.reduce((sum, one) => sum + one, 0);
  const images = new Uint8Array(new SharedArrayBuffer(count * pixels * channels));
  const labels = new Uint8Array(new SharedArrayBuffer(count));
  let example = 0;
  stored.forEach(({ content, path }, index) => {
    for (let i = 0; i < counts[index]!; i++, example++) {
      const start = i * record;
      labels[example] = labelAt(content, start, path);
      const out = example * pixels * channels;
      for (let channel = 0; channel < channels; channel++) {
        const plane = start + 1 + channel * pixels;
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
      { count, shape: [height, width, channels], values: images, file, start: 1 },
    ],
    [`${split}.targets`, { count, shape: [], values: labels, file, start: 0 }],
  ];
}

function countRecords({ content, path }: StoredFile): number {
  const count = content.byteLength / record;
  if (Number.isInteger(count)) return count;
  throw new LockstepError(
    'data',
    `Expected whole records of ${record} bytes in ${path}, got ${content.byteLength} bytes: ${content.byteLength % record} after the last.`,
    { hint: otherCopyHint },
  );
}

function labelAt(content: Uint8Array, start: number, path: string): number {
  const label = content[start]!;
  if (label < classes) return label;
  throw new LockstepError(
    'data',
    `Expected a label below ${classes} at byte ${start} of ${path}, got ${label}.`,
    { hint: 'Use the binary version of CIFAR-10; CIFAR-100 has two label bytes.' },
  );
}
