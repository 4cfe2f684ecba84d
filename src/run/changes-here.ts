import type { Config } from '../config/schema.js';
import type { Dataset } from '../data/dataset.js';
import { loadDataset } from '../data/load.js';
import { chooseEngine } from '../engines/choose.js';
import { distinctFiles, inFolder, ofDataset, recordedFiles } from './data-sources.js';
import type { Manifest, Provenance } from './manifest.js';
import { ownCode } from './own-code.js';
import { collectProvenance } from './provenance.js';
import { changesSince } from './resumes.js';
import type { Change } from './resumes.js';

type Data = Config['data'];

export interface HereOptions {
  /** The datasets to compare: sections of {@link dataSources}. */
  readonly sources: readonly Data[];
  /** Where datasets are that are not where the run had them. */
  readonly folders?: ReadonlyMap<Data, string>;
  /** Given each dataset, before the next one is loaded. */
  readonly onDataset?: (dataset: Dataset, data: Data) => void;
}

/**
 * What can change a trial's numbers, and is not here as it was where the run began: code, engine, packages, programs, modules and data.
 * @throws LockstepError `usage` where the run's engine is not here, `data` where a dataset cannot be loaded
 */
export async function changesHere(
  manifest: Manifest,
  { sources, folders, onDataset }: HereOptions,
): Promise<Change[]> {
  const { config, engine, provenance } = manifest;
  const { version } = chooseEngine(engine.name, engine.device);
  const files: Provenance['data'][] = [];
  for (const data of sources) {
    const dataset = await loadDataset(inFolder(data, folders?.get(data)));
    onDataset?.(dataset, data);
    files.push(recordedFiles(dataset, data, config));
  }
  const now = await collectProvenance(distinctFiles(files), await ownCode(config));
  const recorded = distinctFiles(sources.map((data) => ofDataset(provenance.data, data, config)));
  const then = { ...manifest, provenance: { ...provenance, data: recorded } };
  return changesSince(then, now, version);
}

/** A line for each change: what it is, what it was and what it is now. */
export function changeLines(changes: readonly Change[]): string {
  return changes.map(({ what, then, now }) => `  ${what}: was ${then}, is ${now}`).join('\n');
}
