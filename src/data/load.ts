import { LockstepError } from '../protocol/index.js';
import type { Dataset } from './dataset.js';
import type { DataFormat } from './formats/format.js';
import { formats } from './formats/index.js';
import type { FormatSettings } from './formats/settings.js';
import { loadMnist, mnistFolder } from './formats/mnist.js';
import { listFolder } from './read-file.js';

/** Where a dataset comes from; the `data` section of a configuration is one. */
export interface DatasetSource extends FormatSettings {
  readonly dataset: 'mnist' | 'path';
  /** Folder with the files of one of the {@link formats}; needed when `dataset` is `path`. */
  readonly path?: string | undefined;
  /** Name of the folder's format; absent: what the names of its files say. */
  readonly format?: string | undefined;
}

/**
 * Loads a dataset whole into shared memory.
 *
 * @throws LockstepError `data` when a file is missing, unreadable, corrupt or at odds with another
 */
export async function loadDataset(source: DatasetSource): Promise<Dataset> {
  const load = await locateDataset(source);
  return load();
}

/**
 * Finds a dataset on this machine without reading it.
 *
 * @returns what loads it
 * @throws LockstepError `data` when it is not here
 */
export async function locateDataset({
  dataset,
  path,
  format: name,
  ...settings
}: DatasetSource): Promise<() => Promise<Dataset>> {
  if (dataset === 'mnist') {
    const folder = mnistFolder();
    return () => loadMnist(folder);
  }
  if (path === undefined) {
    throw new LockstepError('usage', 'Expected data.path with data.dataset "path", got none.', {
      hint: 'Set data.path to the folder with the files of the dataset.',
    });
  }
  const named = formats.find((one) => one.name === name);
  if (named !== undefined) await listFolder(path, named.files);
  const format = named ?? (await recognize(path));
  return () => format.load(path, settings);
}

/** The most names of a folder that a message lists. */
const mostNames = 5;

/** The format of a folder, by the names of its files. */
async function recognize(folder: string): Promise<DataFormat> {
  const wanted = formats.map(({ files }) => files).join('; or ');
  const names = await listFolder(folder, wanted);
  const [format, ...others] = formats.filter((candidate) => candidate.recognizes(names));
  if (others.length > 0) {
    const found = [format!, ...others].map(({ name }) => name).join(' and ');
    throw new LockstepError('data', `Expected files of one format in ${folder}, got ${found}.`, {
      hint: 'Set data.format to one of them.',
    });
  }
  if (format !== undefined) return format;
  const found = [...names].sort().slice(0, mostNames);
  const more = names.size > mostNames ? ', …' : '';
  throw new LockstepError(
    'data',
    `Expected in ${folder}: ${wanted}; got none of them, but ${found.length === 0 ? 'an empty folder' : found.join(', ')}${more}.`,
    { hint: 'Put all files of the dataset in one folder, and name it in data.path.' },
  );
}
