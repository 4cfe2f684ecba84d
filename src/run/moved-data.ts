import { resolve } from 'node:path';
import type { Config } from '../config/schema.js';
import { LockstepError } from '../protocol/index.js';
import { dataSources, sourceKey } from './data-sources.js';

/** Where datasets are that are not where the run had them, as the user says. */
export interface MovedData {
  /** `FOLDER` where the run has one dataset; `RECORDED=FOLDER` for each of several. */
  readonly asked: readonly string[];
  /** Absolute; what relative folders are relative to. */
  readonly cwd: string;
}

type Data = Config['data'];

/**
 * The folder of each dataset that moved, absolute. `RECORDED` is the folder that the run had, or as many of its last
 * parts as tell it from the others.
 * @param sources a `data` section for each dataset of the run
 * @throws LockstepError `usage` for a folder that the run did not have, one that fits several of its
 * datasets, and one that is given twice
 */
export function movedData(
  sources: readonly Data[],
  { asked, cwd }: MovedData,
): ReadonlyMap<Data, string> {
  const places = [...new Set(sources.map(placeOf))];
  const folders = new Map<string, string>();
  for (const text of asked) {
    const { place, folder } = assignmentOf(text, places, cwd);
    if (folders.has(place)) {
      throw refusal(`expected one folder for ${place}, got another, ${folder}`);
    }
    folders.set(place, folder);
  }
  return new Map(
    sources.flatMap((data) => {
      const folder = folders.get(placeOf(data));
      return folder === undefined ? [] : [[data, folder] as const];
    }),
  );
}

/** The folder of the dataset of a point, where it moved. @throws as {@link movedData} */
export function movedFolder(config: Config, data: Data, moved: MovedData): string | undefined {
  if (moved.asked.length === 0) return undefined;
  const folders = [...movedData(dataSources(config), moved)];
  return folders.find(([source]) => sourceKey(source) === sourceKey(data))?.[1];
}

function placeOf({ path, dataset }: Data): string {
  return path ?? dataset;
}

function assignmentOf(
  text: string,
  places: readonly string[],
  cwd: string,
): { readonly place: string; readonly folder: string } {
  const [only, ...others] = places;
  const end = text.indexOf('=');
  const recorded = text.slice(0, Math.max(0, end)).replace(/[\\/]+$/, '');
  const fitting = end < 1 ? [] : places.filter((place) => isMeant(place, recorded, cwd));
  if (fitting.length === 1)
    return { place: fitting[0]!, folder: resolve(cwd, text.slice(end + 1)) };
  if (others.length === 0) return { place: only!, folder: resolve(cwd, text) };
  throw refusal(
    fitting.length > 1
      ? `expected more of the recorded folder than ${recorded}, which fits ${fitting.join(' and ')}`
      : `expected RECORDED=FOLDER, where the run had its datasets in ${places.join(', ')}, got ${text}`,
  );
}

function isMeant(place: string, recorded: string, cwd: string): boolean {
  if (place === recorded || place === resolve(cwd, recorded)) return true;
  const [whole, end] = [place, recorded].map((path) => path.replaceAll('\\', '/'));
  return whole!.endsWith(`/${end}`);
}

function refusal(message: string): LockstepError {
  return new LockstepError('usage', `--data: ${message}`, {
    hint: 'For instance --data tables/iris=moved/iris --data tables/wine=moved/wine.',
  });
}
