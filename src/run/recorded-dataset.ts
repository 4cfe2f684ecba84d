import type { Dataset } from '../data/dataset.js';
import { loadDataset } from '../data/load.js';
import { LockstepError } from '../protocol/index.js';
import type { Manifest, Provenance } from './manifest.js';
import { readForcedResumes, recordedData } from './resumes.js';

/**
 * Loads the dataset of a run, which must be what the run was begun with or, after a forced resume,
 * what that recorded: a file changed meanwhile would be trained on unnoticed.
 * @throws LockstepError `data` naming the file that differs
 */
export async function loadRecordedDataset(runFolder: string, manifest: Manifest): Promise<Dataset> {
  const [dataset, resumes] = await Promise.all([
    loadDataset(manifest.config.data),
    readForcedResumes(runFolder),
  ]);
  requireRecorded(dataset, recordedData(manifest, resumes));
  return dataset;
}

/** @throws LockstepError `data` naming the first file that is missing, new or has another checksum */
export function requireRecorded(
  { name: dataset, files }: Pick<Dataset, 'name' | 'files'>,
  recorded: Provenance['data'],
): void {
  const md5 = (list: Provenance['data'], name: string) =>
    list.find((file) => file.name === name)?.md5;
  for (const name of new Set([...recorded, ...files].map((file) => file.name))) {
    const [expected, got] = [md5(recorded, name), md5(files, name)];
    if (expected === got) continue;
    throw new LockstepError(
      'data',
      `${name} of ${dataset}: expected ${expected === undefined ? 'no such file' : `MD5 ${expected}`}, as the run recorded, got ${got === undefined ? 'no such file' : `MD5 ${got}`}`,
      {
        hint: 'Restore the file, or mix old and new data knowingly with lockstep resume --force, which is recorded.',
      },
    );
  }
}
