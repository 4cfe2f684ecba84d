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
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) {
    const key = JSON.stringify(trial.point);
    const group = groups.get(key);
    if (group) group.push(trial);
    else groups.set(key, [trial]);
  }
  const names = shortNames(trials.flatMap(({ point }) => Object.keys(point)));
  return [...groups.values()].map((group) => {
    const values = group[0]!.point;
    const set = Object.entries(values).map(
      ([path, value]) => `${names.get(path) ?? path} ${valueText(value)}`,
    );
    const label = set.length === 0 && names.size > 0 ? 'as configured' : set.join(', ');
    return { label, values, trials: group };
  });
}

/** A value as a reader of YAML would write it; a dash for a path that a point does not set. */
export function valueText(value: unknown): string {
  if (value === undefined) return '–';
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  return typeof value === 'string' ? value : JSON.stringify(value);
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
