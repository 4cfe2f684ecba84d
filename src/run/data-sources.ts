import { join } from 'node:path';
import { planPoints } from '../config/plan-points.js';
import type { SweepPoint } from '../config/plan-points.js';
import type { Config } from '../config/schema.js';
import { applyPoint } from '../config/validate.js';
import type { Dataset } from '../data/dataset.js';
import type { Manifest, Provenance } from './manifest.js';

type Data = Config['data'];

/** Keys below `data` that choose among a dataset's examples, but not the dataset. */
const choosing = /^data\.(batchSize|validationSize|validation)(\.|$)/;

/** What a `data` section says of the dataset itself, and how its files are read. */
type Source = Readonly<Record<string, unknown>>;

export function sourceOf(data: Data): Source {
  const { batchSize: _, validationSize: __, validation: ___, ...source } = data;
  return source;
}

/** Says of two `data` sections whether they are of one dataset, read in the same way. */
export function sourceKey(data: Data): string {
  return keyOf(sourceOf(data));
}

function keyOf(source: Source): string {
  const set = Object.entries(source).filter(([, value]) => value !== undefined);
  return JSON.stringify(set.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Training examples of a dataset of a run, as its manifest records them, the validation split among them.
 * @param data of a point
 * @returns undefined where the manifest records none
 */
export function trainingExamplesOf(
  { trainingExamples, datasets }: Pick<Manifest, 'trainingExamples' | 'datasets'>,
  data: Data,
): number | undefined {
  if (datasets === undefined) return trainingExamples;
  const key = sourceKey(data);
  return datasets.find(({ source }) => keyOf(source) === key)?.trainingExamples;
}

/** A `data` section for each dataset of a run, in the order of its points: mostly one. */
export function dataSources(config: Config): readonly Data[] {
  const points = config.sweep === undefined ? [] : planPoints(config.sweep);
  if (!points.some(setsDataset)) return [config.data];
  const found = new Map<string, Data>();
  for (const point of points) {
    const { data } = applyPoint(config, point);
    if (!found.has(sourceKey(data))) found.set(sourceKey(data), data);
  }
  return [...found.values()];
}

function setsDataset(point: SweepPoint): boolean {
  return Object.keys(point).some((path) => /^data(\.|$)/.test(path) && !choosing.test(path));
}

/**
 * A dataset's files as a manifest records them: by name, or where a run has several datasets by folder and
 * name.
 */
export function recordedFiles(
  { files }: Pick<Dataset, 'files'>,
  data: Data,
  config: Config,
): Provenance['data'] {
  const prefix = filePrefix(data, config);
  return files.map(({ name, md5 }) => ({ name: prefix + name, md5 }));
}

/** Of the files that a manifest records, those of one dataset, with the names that they have there. */
export function ofDataset(
  recorded: Provenance['data'],
  data: Data,
  config: Config,
): Provenance['data'] {
  const prefix = filePrefix(data, config);
  return recorded.filter(
    ({ name }) =>
      prefix === '' || (name.startsWith(prefix) && !name.slice(prefix.length).includes('/')),
  );
}

/** A `data` section whose dataset is in another folder now. @param folder undefined: it is where it was */
export function inFolder(data: Data, folder: string | undefined): Data {
  return folder === undefined ? data : { ...data, dataset: 'path', path: folder };
}

/** What the names of a dataset's files start with in the manifest. */
export function filePrefix({ path, dataset }: Data, config: Config): string {
  return dataSources(config).length === 1 ? '' : join(path ?? dataset, '/');
}

/** The files of all datasets, each once. */
export function distinctFiles(lists: readonly Provenance['data'][]): Provenance['data'] {
  return [...new Map(lists.flat().map((file) => [file.name, file])).values()];
}
