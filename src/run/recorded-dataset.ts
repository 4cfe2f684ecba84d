import type { Dataset } from '../data/dataset.js';
import { loadDataset } from '../data/load.js';
import type { Config } from '../config/schema.js';
import { LockstepError } from '../protocol/index.js';
import { inFolder, ofDataset, recordedFiles } from './data-sources.js';
import type { Manifest, Provenance } from './manifest.js';
import { readForcedResumes, recordedData } from './resumes.js';

/**
 * Loads a dataset of a run, which must be the one the run started with or, after a forced resume,
 * the one that the resume recorded: otherwise a changed file would be trained on unnoticed.
 * @param data of the trial's point
 * @param folder where the dataset is, if not where the run had it
 * @throws LockstepError `data` naming the file that differs
 */
export async function loadRecordedDataset(
  runFolder: string,
  manifest: Manifest,
  data: Config['data'],
  folder?: string,
): Promise<Dataset> {
  const [dataset, resumes] = await Promise.all([
    loadDataset(inFolder(data, folder)),
    readForcedResumes(runFolder),
  ]);
  const files = recordedFiles(dataset, data, manifest.config);
  const recorded = ofDataset(recordedData(manifest, resumes), data, manifest.config);
  requireRecorded({ name: dataset.name, files }, recorded);
  return dataset;
}

/** @throws LockstepError `data` naming the first file that is missing, new or has another checksum */
export function requireRecorded(
  { name: dataset, files }: { readonly name: string; readonly files: Provenance['data'] },
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
        hint: 'Restore the file, or accept the change with `lockstep resume --force`, which is recorded.',
      },
    );
  }
}
