import { basename, join, resolve } from 'node:path';
import { LockstepError } from '../../protocol/index.js';
import { columnOf } from '../array-column.js';
import { assembleDataset, partsPresent } from '../dataset.js';
import { describeFile, listFolder, readDataFile } from '../read-file.js';
import type { DataFormat } from './format.js';
import { parseNpy } from './npy-file.js';
import { arrayNames } from './npy.js';

const files = 'one .npz file with the arrays x_train, y_train, x_test and y_test';

/** What NumPy calls an array that it keeps in a file of the archive. */
function arrayName(file: string): string {
  return file.replace(/\.npy$/, '');
}

/** The arrays of the npy format in one archive, as `numpy.savez` or `numpy.savez_compressed` saved them. */
export const npz: DataFormat = {
  name: 'npz',
  files,
  recognizes: (names) => [...names].some((name) => name.endsWith('.npz')),
  async load(folder) {
    const names = [...(await listFolder(folder, files))].filter((name) => name.endsWith('.npz'));
    const [name, ...others] = names.sort();
    if (name === undefined || others.length > 0) {
      throw new LockstepError(
        'data',
        `Expected in ${folder}: ${files}; got ${names.join(', ') || 'none'}.`,
        { hint: "Save them with numpy.savez('data.npz', x_train=…, y_train=…)." },
      );
    }
    const file = await readDataFile(join(folder, name));
    // Loaded where needed, as most runs read no archive.
    const { unpackZip } = await import('./npz-file.js');
    const arrays = await unpackZip(file.content, file.path);
    const parts = partsPresent((part) => arrays.has(arrayNames[part]));
    const missing = parts.map((part) => arrayNames[part]).filter((array) => !arrays.has(array));
    if (missing.length > 0) {
      throw new LockstepError(
        'data',
        `Expected in ${file.path}: ${missing.map(arrayName).join(', ')}; got ${[...arrays.keys()].map(arrayName).join(', ') || 'nothing'}.`,
        { hint: 'Name the arrays x_train, y_train, x_test and y_test.' },
      );
    }
    return assembleDataset(
      basename(resolve(folder)),
      parts.map((part) => {
        const array = arrayNames[part];
        const place = `${file.path}/${array}`;
        return [part, columnOf(parseNpy(arrays.get(array)!, place), part, place)] as const;
      }),
      [describeFile(file, parts)],
      parts.includes('test.inputs')
        ? undefined
        : `${arrayNames['test.inputs']} and ${arrayNames['test.targets']}`,
    );
  },
};
