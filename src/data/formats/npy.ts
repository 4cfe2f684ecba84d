import { basename, join, resolve } from 'node:path';
import { LockstepError } from '../../protocol/index.js';
import { columnOf } from '../array-column.js';
import { assembleDataset, partsPresent } from '../dataset.js';
import type { Part } from '../dataset.js';
import { describeFile, listFolder, readDataFile } from '../read-file.js';
import type { DataFormat } from './format.js';
import { parseNpy } from './npy-file.js';

/** The file of each part. */
export const arrayNames: Readonly<Record<Part, string>> = {
  'train.inputs': 'x_train.npy',
  'train.targets': 'y_train.npy',
  'test.inputs': 'x_test.npy',
  'test.targets': 'y_test.npy',
};
const files = Object.values(arrayNames).join(', ');

/**
 * Four arrays that NumPy saved, named as Keras names them: inputs `[n, features]`, `[n, height, width]`
 * or `[n, height, width, channels]`, bytes, integers or floats, and integer labels `[n]` or `[n, 1]`.
 */
export const npy: DataFormat = {
  name: 'npy',
  files,
  recognizes: (present) => Object.values(arrayNames).some((name) => present.has(name)),
  async load(folder) {
    const present = await listFolder(folder, files);
    const parts = partsPresent((part) => present.has(arrayNames[part]));
    const missing = parts.map((part) => arrayNames[part]).filter((name) => !present.has(name));
    if (missing.length > 0) {
      throw new LockstepError(
        'data',
        `Expected in ${folder}: ${missing.join(', ')}; got none of them.`,
        {
          hint: "Save them with numpy.save, for instance numpy.save('x_train.npy', images).",
        },
      );
    }
    const read = await Promise.all(
      parts.map(async (part) => {
        const file = await readDataFile(join(folder, arrayNames[part]));
        return { part, file, column: columnOf(parseNpy(file.content, file.path), part, file.path) };
      }),
    );
    return assembleDataset(
      basename(resolve(folder)),
      read.map(({ part, column }) => [part, column] as const),
      read.map(({ part, file }) => describeFile(file, [part])),
      parts.includes('test.inputs')
        ? undefined
        : `${arrayNames['test.inputs']} and ${arrayNames['test.targets']}`,
    );
  },
};
