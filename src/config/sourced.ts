/** Where a key or value was written: a file with line and column from 1, or a flag such as `--set a=b`. */
export interface Origin {
  readonly source: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

export interface SourcedEntry {
  readonly keyOrigin: Origin;
  readonly value: Sourced;
}

export interface SourcedMap {
  readonly kind: 'map';
  readonly origin: Origin;
  readonly entries: ReadonlyMap<string, SourcedEntry>;
}
export interface SourcedList {
  readonly kind: 'list';
  readonly origin: Origin;
  readonly items: readonly Sourced[];
}
export interface SourcedScalar {
  readonly kind: 'scalar';
  readonly origin: Origin;
  readonly value: unknown;
  /** The key has no value at all (`key:`), which YAML reads as null. */
  readonly isEmpty?: boolean | undefined;
  /** A null that has removed a merged key (`<<`); it may also remove one of an extended file. */
  readonly hasRemoved?: boolean | undefined;
}
/** Plain data in which every key and value remembers where it was written. */
export type Sourced = SourcedMap | SourcedList | SourcedScalar;

export function formatOrigin({ source, line, column }: Origin): string {
  return line === undefined || column === undefined ? source : `${source}:${line}:${column}`;
}

/**
 * Whether a value asks to remove the key it is laid over: null, spelled out. A key without a value is
 * more often a slip of the indentation.
 */
export function isRemoval(node: Sourced): node is SourcedScalar {
  return node.kind === 'scalar' && node.value === null && node.isEmpty !== true;
}

/** The data alone. */
export function toPlain(node: Sourced): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  // `fromEntries` defines own properties, so a key named `__proto__` stays an ordinary key.
  return Object.fromEntries(
    [...node.entries]
      .filter(([, { value }]) => value.kind !== 'scalar' || value.hasRemoved !== true)
      .map(([key, { value }]) => [key, toPlain(value)]),
  );
}

/** Plain data, as if written at one place. */
export function fromPlain(value: unknown, origin: Origin): Sourced {
  if (Array.isArray(value)) {
    return { kind: 'list', origin, items: value.map((item) => fromPlain(item, origin)) };
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, { keyOrigin: origin, value: fromPlain(item, origin) }] as const);
    return { kind: 'map', origin, entries: new Map(entries) };
  }
  return { kind: 'scalar', origin, value };
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
 * origin of the nearest key above it.
 */
export function originOf(
  root: Sourced,
  path: readonly PropertyKey[],
  about: 'key' | 'value',
): Origin {
  let { origin } = root;
  let node: Sourced = root;
  for (const [depth, key] of path.entries()) {
    const last = depth === path.length - 1;
    if (node.kind === 'map') {
      const entry = node.entries.get(String(key));
      if (entry === undefined) return origin;
      origin = last && about === 'value' ? entry.value.origin : entry.keyOrigin;
      node = entry.value;
    } else if (node.kind === 'list') {
      const item: Sourced | undefined = node.items[Number(key)];
      if (item === undefined) return origin;
      origin = item.origin;
      node = item;
    } else {
      return origin;
    }
  }
  return origin;
}
