import type { Dataset } from '../data/dataset.js';
import { loadDataset } from '../data/dataset.js';
import { LockstepError } from '../protocol/index.js';
import type { Manifest } from '../run/manifest.js';
import type { Provenance } from '../run/provenance.js';
import type { Findings } from './findings.js';

/**
 * Holds the dataset of this machine against the recorded MD5s.
 * @returns undefined where it is not here or not the recorded one, which a note or difference says
 */
export async function checkData(
  { config, provenance }: Manifest,
  findings: Findings,
): Promise<Dataset | undefined> {
  let dataset: Dataset;
  try {
    dataset = await loadDataset(config.data);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    findings.note(`no minibatch was recomputed, as the dataset is not here: ${error.message}`);
    return undefined;
  }
  const got = dataset.files.map(({ name, md5 }) => ({ name, md5 }));
  const place = { file: 'manifest.json' };
  if (!findings.same(place, 'provenance.data', provenance.data, got)) return undefined;
  findings.count('data files', got.length);
  return dataset;
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
