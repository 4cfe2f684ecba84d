/** Where a value was written: a file with line and column from 1, or a flag such as `--set a=b`. */
export interface Place {
  readonly source: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

interface SourcedEntry {
  readonly keyPlace: Place;
  readonly value: Sourced;
}

export interface SourcedMap {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: ReadonlyMap<string, SourcedEntry>;
}
export interface SourcedList {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly Sourced[];
}
export interface SourcedScalar {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: unknown;
}
/** Plain data in which every key and value remembers where it was written. */
export type Sourced = SourcedMap | SourcedList | SourcedScalar;

export function formatPlace({ source, line, column }: Place): string {
  return line === undefined || column === undefined ? source : `${source}:${line}:${column}`;
}

/** The data alone. */
export function toPlain(node: Sourced): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  // `fromEntries` defines own properties, so a key named `__proto__` stays an ordinary key.
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, toPlain(value)]));
}

/** Plain data as if all of it had been written at one place. */
export function fromPlain(value: unknown, place: Place): Sourced {
  if (Array.isArray(value)) {
    return { kind: 'list', place, items: value.map((item) => fromPlain(item, place)) };
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, { keyPlace: place, value: fromPlain(item, place) }] as const);
    return { kind: 'map', place, entries: new Map(entries) };
  }
  return { kind: 'scalar', place, value };
}

/** The node at a path, if there is one. */
export function nodeAt(root: Sourced, path: readonly PropertyKey[]): Sourced | undefined {
  let node: Sourced | undefined = root;
  for (const key of path) {
    if (node?.kind === 'map') node = node.entries.get(String(key))?.value;
    else if (node?.kind === 'list') node = node.items[Number(key)];
    else return undefined;
  }
  return node;
}

/**
 * Where the key (`'key'`) or the value at a path was written; where nothing is written there, the
 * place of the nearest key above it.
 */
export function placeOf(
  root: Sourced,
  path: readonly PropertyKey[],
  about: 'key' | 'value',
): Place {
  let place = root.place;
  let node: Sourced = root;
  for (const [depth, key] of path.entries()) {
    const last = depth === path.length - 1;
    if (node.kind === 'map') {
      const entry = node.entries.get(String(key));
      if (entry === undefined) return place;
      place = last && about === 'value' ? entry.value.place : entry.keyPlace;
      node = entry.value;
    } else if (node.kind === 'list') {
      const item: Sourced | undefined = node.items[Number(key)];
      if (item === undefined) return place;
      place = item.place;
      node = item;
    } else {
      return place;
    }
  }
  return place;
}
