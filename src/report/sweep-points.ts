import { basename, isAbsolute } from 'node:path';
import { trialsByPoint } from '../run/manifest.js';
import type { Manifest, Trial } from '../run/manifest.js';

/** One point of a sweep; a run without a sweep has one, without values. */
export interface SweepPoint {
  /** For instance `learningRate 0.1, rate 0.05`; empty without a sweep. */
  readonly label: string;
  /** By configuration path. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly trials: readonly Trial[];
}

/** The points in the order in which the manifest plans them. */
export function sweepPoints({ trials }: Pick<Manifest, 'trials'>): SweepPoint[] {
  const names = shortNames(trials.flatMap(({ point }) => Object.keys(point)));
  const textOf = sweptTexts(trials.map(({ point }) => point));
  return trialsByPoint(trials).map((group) => {
    const values = group[0]!.point;
    const set = Object.entries(values).map(
      ([path, value]) => `${names.get(path) ?? path} ${textOf(path, value)}`,
    );
    const label = set.length === 0 && names.size > 0 ? 'as configured' : set.join(', ');
    return { label, values, trials: group };
  });
}

/** How a value of a swept path is written; a dash where a point does not set it. */
export type SweptTexts = (path: string, value: unknown) => string;

/**
 * Values as a reader of YAML would write them: whole numbers exactly, others with 6 digits or as many more
 * as tell those of the same path apart. Folders by their last names where these tell them apart.
 */
export function sweptTexts(points: readonly Readonly<Record<string, unknown>>[]): SweptTexts {
  const digits = new Map<string, number>();
  const folders = new Map<string, ReadonlyMap<unknown, string>>();
  for (const path of new Set(points.flatMap(Object.keys))) {
    const values = points.map((point) => point[path]);
    digits.set(path, digitsOf(values));
    folders.set(path, folderNames(values));
  }
  return (path, value) =>
    folders.get(path)?.get(value) ?? valueText(value, digits.get(path) ?? mostDigits);
}

/** The last name of each folder; none where two have the same, or a value is no folder's absolute path. */
function folderNames(values: readonly unknown[]): ReadonlyMap<unknown, string> {
  const folders = [...new Set(values)].filter(
    (value) => typeof value === 'string' && isAbsolute(value),
  ) as string[];
  const names = new Map(folders.map((folder) => [folder, basename(folder)]));
  const isClear = new Set(names.values()).size === new Set(values).size;
  return isClear ? names : new Map<string, string>();
}

const fewestDigits = 6;
/** So many tell any two doubles apart. */
const mostDigits = 17;

function digitsOf(values: readonly unknown[]): number {
  const numbers = [...new Set(values.filter((value) => typeof value === 'number'))];
  let digits = fewestDigits;
  const texts = () => new Set(numbers.map((number) => valueText(number, digits)));
  while (digits < mostDigits && texts().size < numbers.length) digits += 1;
  return digits;
}

function valueText(value: unknown, digits: number): string {
  if (value === undefined) return '–';
  if (typeof value === 'number') {
    return String(Number.isInteger(value) ? value : Number(value.toPrecision(digits)));
  }
  // Quoted where YAML would read something else than text.
  const isText = typeof value === 'string' && !/^(?:[-+.\d].*|true|false|null|~|)$/.test(value);
  return isText ? value : JSON.stringify(value);
}

/** Each path by as many of its last keys as tell it from the others. */
export function shortNames(paths: Iterable<string>): ReadonlyMap<string, string> {
  const distinct = [...new Set(paths)];
  const tail = (path: string, keys: number) => path.split('.').slice(-keys).join('.');
  return new Map(
    distinct.map((path) => {
      let keys = 1;
      while (
        distinct.some((other) => other !== path && tail(other, keys) === tail(path, keys)) &&
        keys < path.split('.').length
      ) {
        keys += 1;
      }
      return [path, tail(path, keys)];
    }),
  );
}
