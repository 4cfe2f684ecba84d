import { defaultOptimizer, optimizerSettings } from '../model/optimizers.js';
import { scheduleSettings } from '../model/schedules.js';
import { LockstepError } from '../protocol/index.js';
import { formatPath } from './path.js';
import { isRemoval } from './sourced.js';
import type { Origin, Sourced, SourcedEntry, SourcedList, SourcedMap } from './sourced.js';

/**
 * Lays one configuration over another: maps merge key by key, lists and scalars are replaced, and a
 * null removes the key below it. A null over nothing stays, for validation to refuse.
 *
 * `data.dataset` and `data.path` say the same thing, as do `training.steps` and `training.epochs`, so either
 * replaces both; a swept parameter
 * is one distribution, and the settings of one kind of optimizer or schedule are not another's, so these
 * are replaced whole.
 */
export function overlay(base: Sourced, over: Sourced, path: readonly string[] = []): Sourced {
  if (base.kind !== 'map' || over.kind !== 'map' || isSweptParameter(path)) return over;
  if (changesKind(base, over, path)) return over;
  const entries = new Map(base.entries);
  dropAlternatives(entries, path, [...over.entries.keys()]);
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key);
    if (below !== undefined && isRemoval(entry.value)) {
      entries.delete(key);
      continue;
    }
    const value =
      below === undefined ? entry.value : overlay(below.value, entry.value, [...path, key]);
    entries.set(key, { keyOrigin: entry.keyOrigin, value });
  }
  return { kind: 'map', origin: over.origin, entries };
}

/**
 * Replaces the value at a path, creating the maps on the way to it; a null removes a map's key.
 * @throws LockstepError `usage` when a list has no such item
 */
export function setPath(root: Sourced, path: readonly string[], value: Sourced): Sourced {
  return setBelow(root, path, 0, value);
}

function setBelow(
  node: Sourced | undefined,
  path: readonly string[],
  depth: number,
  value: Sourced,
): Sourced {
  const key = path[depth];
  if (key === undefined) return value;
  const { origin } = value;
  if (node?.kind === 'list') {
    const index = itemIndex(node, path, depth, origin);
    const item = setBelow(node.items[index], path, depth + 1, value);
    return { ...node, items: node.items.with(index, item) };
  }
  if (node?.kind !== 'map' && /^\d+$/.test(key) && depth > 0) {
    throw new LockstepError(
      'usage',
      `${origin.source}: expected a list at ${formatPath(path.slice(0, depth))} to replace item ${key} of, got none`,
      { hint: 'Set the whole list instead.' },
    );
  }
  const entries = new Map<string, SourcedEntry>(node?.kind === 'map' ? node.entries : []);
  const below = entries.get(key)?.value;
  dropAlternatives(entries, path.slice(0, depth), [key]);
  if (key === 'kind') dropForeignSettings(entries, path.slice(0, depth), value);
  if (depth === path.length - 1 && below !== undefined && isRemoval(value)) {
    entries.delete(key);
  } else {
    entries.set(key, { keyOrigin: origin, value: setBelow(below, path, depth + 1, value) });
  }
  return { kind: 'map', origin: node?.kind === 'map' ? node.origin : origin, entries };
}

function itemIndex(list: SourcedList, path: readonly string[], depth: number, origin: Origin) {
  const key = path[depth]!;
  // `01` would be a second name of item 1.
  const index = /^(0|[1-9]\d*)$/.test(key) ? Number(key) : -1;
  if (index >= 0 && index < list.items.length) return index;
  const where = formatPath(path.slice(0, depth));
  const range = list.items.length === 0 ? 'the list is empty' : `0 to ${list.items.length - 1}`;
  throw new LockstepError(
    'usage',
    `${origin.source}: ${where}: expected the index of an item (${range}), got ${key}`,
    { hint: `To lengthen the list, set all of it: --set '${where}=[...]'.` },
  );
}

/** Keys that say the same thing in other words, by their map. */
const alternatives: Readonly<Record<string, readonly string[]>> = {
  data: ['dataset', 'path'],
  training: ['steps', 'epochs'],
};

function dropAlternatives(
  entries: Map<string, SourcedEntry>,
  path: readonly string[],
  setKeys: readonly string[],
): void {
  const [section = ''] = path;
  if (path.length !== 1 || !Object.hasOwn(alternatives, section)) return;
  const keys = alternatives[section]!;
  if (!setKeys.some((key) => keys.includes(key))) return;
  for (const key of keys) entries.delete(key);
}

function isSweptParameter(path: readonly string[]): boolean {
  return path.length === 3 && path[0] === 'sweep' && path[1] === 'parameters';
}

interface Kinds {
  /** The kind of a map that does not name it. */
  readonly preset?: string;
  /** Names of the settings a kind has; undefined where there is no such kind. */
  readonly settings: (kind: unknown) => readonly string[] | undefined;
}

/** Maps whose settings depend on their `kind`, by the key they are at. */
const kindsAt: Readonly<Record<string, Kinds>> = {
  optimizer: { preset: defaultOptimizer, settings: optimizerSettings },
  schedule: { settings: scheduleSettings },
};

function kindsOf(path: readonly string[]): Kinds | undefined {
  const key = path.at(-1) ?? '';
  return Object.hasOwn(kindsAt, key) ? kindsAt[key] : undefined;
}

function changesKind(base: SourcedMap, over: SourcedMap, path: readonly string[]): boolean {
  const kinds = kindsOf(path);
  const kindIn = (map: SourcedMap) => scalarOf(map.entries.get('kind')?.value);
  const kind = kindIn(over);
  return kinds !== undefined && kind !== undefined && kind !== (kindIn(base) ?? kinds.preset);
}

/** Lets go of what the new kind does not have, so that a kind can be swept. */
function dropForeignSettings(
  entries: Map<string, SourcedEntry>,
  path: readonly string[],
  kind: Sourced,
): void {
  const settings = kindsOf(path)?.settings(scalarOf(kind));
  if (settings === undefined) return;
  for (const name of entries.keys()) {
    if (!settings.includes(name)) entries.delete(name);
  }
}

function scalarOf(node: Sourced | undefined): unknown {
  return node?.kind === 'scalar' ? (node.value ?? undefined) : undefined;
}
