import type { Dataset } from '../data/dataset.js';
import { locateDataset } from '../data/load.js';
import { LockstepError } from '../protocol/index.js';
import {
  dataSources,
  distinctFiles,
  filePrefix,
  inFolder,
  recordedFiles,
  sourceKey,
  sourceOf,
} from '../run/data-sources.js';
import type { Manifest, Provenance } from '../run/manifest.js';
import { changedCode, ownCode } from '../run/own-code.js';
import type { Findings } from './findings.js';
import { movedData } from '../run/moved-data.js';
import type { MovedData } from '../run/moved-data.js';

const place = { file: 'manifest.json' };

/**
 * Holds the datasets of this machine against the recorded MD5s.
 * @param moved where datasets are, if not where the configuration says
 * @returns by {@link sourceKey} those that are here, as notes say of the others; none where they are not the recorded
 * ones, which a difference says
 * @throws LockstepError `data` when there is no dataset where one is said to be; `usage` when `moved` does not
 * fit the run's datasets
 */
export async function checkData(
  { config, provenance }: Manifest,
  moved: MovedData,
  findings: Findings,
): Promise<ReadonlyMap<string, Dataset>> {
  const sources = dataSources(config);
  const folders = movedData(sources, moved);
  const datasets = new Map<string, Dataset>();
  const files: Provenance['data'][] = [];
  const absent: string[] = [];
  for (const data of sources) {
    const prefix = filePrefix(data, config);
    const dataset = await loadOne(data, { folder: folders.get(data), prefix }, findings);
    if (dataset === undefined) {
      absent.push(prefix);
      continue;
    }
    datasets.set(sourceKey(data), dataset);
    files.push(recordedFiles(dataset, data, config));
  }
  if (datasets.size === 0) return datasets;
  const got = distinctFiles(files);
  const here = new Set(got.map(({ name }) => name));
  const recorded = provenance.data.filter(
    ({ name }) => here.has(name) || !absent.some((prefix) => name.startsWith(prefix)),
  );
  if (!findings.same(place, 'provenance.data', recorded, got)) return new Map();
  findings.count('data files', got.length);
  return datasets;
}

async function loadOne(
  data: Manifest['config']['data'],
  { folder, prefix }: { readonly folder: string | undefined; readonly prefix: string },
  findings: Findings,
): Promise<Dataset | undefined> {
  let load: () => Promise<Dataset>;
  try {
    load = await locateDataset(inFolder(data, folder));
  } catch (error) {
    if (!(error instanceof LockstepError) || folder !== undefined) throw error;
    const which = prefix === '' ? '' : ` of ${prefix}`;
    findings.note(
      `no minibatch${which} was recomputed, as the dataset is not here: ${error.message}`,
    );
    return undefined;
  }
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    findings.differ(place, 'provenance.data', 'the dataset that was trained on', error.message);
    return undefined;
  }
}

/** Holds the number of examples, which epochs are counted by, against the datasets that are here. */
export function checkExamples(
  { config, trainingExamples, datasets: recorded }: Manifest,
  datasets: ReadonlyMap<string, Dataset>,
  findings: Findings,
): void {
  const sources = dataSources(config);
  if (recorded !== undefined) findings.same(place, 'datasets', sources.length, recorded.length);
  for (const [index, data] of sources.entries()) {
    const dataset = datasets.get(sourceKey(data));
    if (dataset === undefined) continue;
    const { count } = dataset.train;
    const got = { source: sourceOf(data), trainingExamples: count };
    if (recorded !== undefined) findings.same(place, `datasets.${index}`, got, recorded[index]);
    if (trainingExamples !== undefined) {
      findings.same(place, 'trainingExamples', count, trainingExamples);
    }
  }
}

/** Notes files of programs and modules that are not those that trained: no fault, but what trained is not here. */
export async function noteOwnCode(
  { config, provenance }: Manifest,
  findings: Findings,
): Promise<void> {
  if (provenance.programs === undefined && provenance.modules === undefined) return;
  for (const [what, then = 'none', now = 'none'] of changedCode(
    provenance,
    await ownCode(config),
  )) {
    findings.note(`${what}: trained with ${then}, is ${now} here`);
  }
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
