import type { Dataset } from '../data/dataset.js';
import { locateDataset } from '../data/load.js';
import { LockstepError } from '../protocol/index.js';
import {
  dataSources,
  distinctFiles,
  recordedFiles,
  sourceKey,
  sourceOf,
} from '../run/data-sources.js';
import type { Manifest, Provenance } from '../run/manifest.js';
import type { Findings } from './findings.js';
import { movedData } from './moved-data.js';
import type { MovedData } from './moved-data.js';

const place = { file: 'manifest.json' };

/**
 * Holds the datasets of this machine against the recorded MD5s.
 * @param moved where datasets are, if not where the configuration says
 * @returns by {@link sourceKey}; undefined where one is not here or not the recorded one, which a note or
 * difference says
 * @throws LockstepError `data` when there is no dataset where one is said to be; `usage` when `moved` does not
 * fit the run's datasets
 */
export async function checkData(
  { config, provenance }: Manifest,
  moved: MovedData,
  findings: Findings,
): Promise<ReadonlyMap<string, Dataset> | undefined> {
  const sources = dataSources(config);
  const folders = movedData(sources, moved);
  const datasets = new Map<string, Dataset>();
  const files: Provenance['data'][] = [];
  for (const data of sources) {
    const dataset = await loadOne(data, folders.get(data), findings);
    if (dataset === undefined) return undefined;
    datasets.set(sourceKey(data), dataset);
    files.push(recordedFiles(dataset, data, config));
  }
  const got = distinctFiles(files);
  if (!findings.same(place, 'provenance.data', provenance.data, got)) return undefined;
  findings.count('data files', got.length);
  return datasets;
}

async function loadOne(
  data: Manifest['config']['data'],
  dataFolder: string | undefined,
  findings: Findings,
): Promise<Dataset | undefined> {
  let load: () => Promise<Dataset>;
  try {
    load = await locateDataset(
      dataFolder === undefined ? data : { ...data, dataset: 'path', path: dataFolder },
    );
  } catch (error) {
    if (!(error instanceof LockstepError) || dataFolder !== undefined) throw error;
    findings.note(`no minibatch was recomputed, as the dataset is not here: ${error.message}`);
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

/** Holds the number of examples, which epochs are counted by, against the dataset where it is here. */
export function checkExamples(
  { config, trainingExamples, datasets: recorded }: Manifest,
  datasets: ReadonlyMap<string, Dataset>,
  findings: Findings,
): void {
  const got = dataSources(config).map((data) => {
    const dataset = datasets.get(sourceKey(data))!;
    return { source: sourceOf(data), trainingExamples: dataset.train.count };
  });
  if (recorded !== undefined) findings.same(place, 'datasets', got, recorded);
  if (trainingExamples === undefined) return;
  findings.same(place, 'trainingExamples', got[0]?.trainingExamples, trainingExamples);
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
