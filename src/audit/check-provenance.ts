import type { Dataset } from '../data/dataset.js';
import { locateDataset } from '../data/load.js';
import { LockstepError } from '../protocol/index.js';
import type { Manifest, Provenance } from '../run/manifest.js';
import type { Findings } from './findings.js';

const place = { file: 'manifest.json' };

/**
 * Holds the dataset of this machine against the recorded MD5s.
 * @param dataFolder where the dataset is, if not where the configuration says
 * @returns undefined where it is not here or not the recorded one, which a note or difference says
 * @throws LockstepError `data` when `dataFolder` is given and has no dataset
 */
export async function checkData(
  { config, provenance }: Manifest,
  dataFolder: string | undefined,
  findings: Findings,
): Promise<Dataset | undefined> {
  let load: () => Promise<Dataset>;
  try {
    load = await locateDataset(
      dataFolder === undefined
        ? config.data
        : { ...config.data, dataset: 'path', path: dataFolder },
    );
  } catch (error) {
    if (!(error instanceof LockstepError) || dataFolder !== undefined) throw error;
    findings.note(`no minibatch was recomputed, as the dataset is not here: ${error.message}`);
    return undefined;
  }
  let dataset: Dataset;
  try {
    dataset = await load();
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    findings.differ(place, 'provenance.data', 'the dataset that was trained on', error.message);
    return undefined;
  }
  const got = dataset.files.map(({ name, md5 }) => ({ name, md5 }));
  if (!findings.same(place, 'provenance.data', provenance.data, got)) return undefined;
  findings.count('data files', got.length);
  return dataset;
}

/** Holds the number of examples, which epochs are counted by, against the dataset where it is here. */
export function checkExamples(
  { trainingExamples: recorded }: Manifest,
  dataset: Dataset | undefined,
  findings: Findings,
): void {
  if (recorded === undefined || dataset === undefined) return;
  findings.same(place, 'trainingExamples', dataset.train.count, recorded);
}

/** Notes where this installation is another than the one that trained: no fault, but good to know. */
export function noteVersions({ provenance }: Manifest, here: Provenance, findings: Findings): void {
  const pairs: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['Lockstep', provenance.lockstep.version, here.lockstep.version],
    ['commit', provenance.lockstep.commit, here.lockstep.commit],
    ['Node', provenance.node, here.node],
    ...Object.entries(provenance.packages).map(
      ([name, version]) => [name, version, here.packages[name]] as const,
    ),
  ];
  for (const [what, then, now] of pairs) {
    if (then !== undefined && then !== now) {
      findings.note(`trained with ${what} ${then}, verified with ${now ?? 'none'}`);
    }
  }
  if (provenance.lockstep.dirty === true) {
    findings.note('trained with uncommitted changes to Lockstep');
  }
}
