import { resolve } from 'node:path';
import { setPath } from './overlay.js';
import { nodeAt, type Sourced } from './sourced.js';
import { suggest } from './suggest.js';

/**
 * Makes a dataset's folder absolute, so that the layers above need not know where it was written.
 * @param folder absolute; what relative paths are relative to
 */
export function resolveDataFolder(root: Sourced, folder: string): Sourced {
  const resolved = keys.reduce((tree, key) => {
    const node = nodeAt(tree, ['data', key]);
    return node === undefined ? tree : replace(tree, key, resolveValue(node, key, folder));
  }, root);
  const parameters = nodeAt(resolved, ['sweep', 'parameters']);
  if (parameters === undefined) return resolved;
  const resolverOf = (name: string) => {
    const key = keys.find((one) => name === `data.${one}`);
    return key && ((value: Sourced) => resolveValue(value, key, folder));
  };
  return setPath(resolved, ['sweep', 'parameters'], resolveSwept(parameters, resolverOf));
}

const keys = ['dataset', 'path'] as const;

function resolveValue(node: Sourced, key: (typeof keys)[number], folder: string): Sourced {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return node;
  if (key === 'dataset' && !isFolder(node.value)) return node;
  return { ...node, value: resolve(folder, node.value) };
}

/**
 * In a sweep's spaces: the values of a swept file or folder, and those among values that go together.
 * @param resolverOf what makes a value of the parameter absolute; undefined of parameters that name no file
 */
export function resolveSwept(
  node: Sourced,
  resolverOf: (parameter: string) => ((value: Sourced) => Sourced) | undefined,
): Sourced {
  if (node.kind === 'list') {
    return { ...node, items: node.items.map((item) => resolveSwept(item, resolverOf)) };
  }
  if (node.kind !== 'map') return node;
  const entries = [...node.entries].map(([name, entry]) => {
    const resolveOne = resolverOf(name);
    const { value } = entry;
    if (resolveOne === undefined) {
      return [name, { ...entry, value: resolveSwept(value, resolverOf) }] as const;
    }
    const listed = value.kind === 'map' ? value.entries.get('values') : undefined;
    if (value.kind !== 'map' || listed?.value.kind !== 'list') {
      return [name, { ...entry, value: resolveOne(value) }] as const;
    }
    const items = listed.value.items.map(resolveOne);
    const values = { ...listed, value: { ...listed.value, items } };
    const map = { ...value, entries: new Map(value.entries).set('values', values) };
    return [name, { ...entry, value: map }] as const;
  });
  return { ...node, entries: new Map(entries) };
}

/** `mnsit` is a mistake, not a folder; the schema says so. `./mnsit` is a folder. */
function isFolder(dataset: string): boolean {
  if (dataset === 'path' || dataset.trim() === '') return false;
  return /[\\/]/.test(dataset) || suggest(dataset, ['mnist']) === undefined;
}

function replace(root: Sourced, key: string, value: Sourced): Sourced {
  const data = nodeAt(root, ['data']);
  if (data?.kind !== 'map') return root;
  const entry = data.entries.get(key)!;
  const entries = new Map(data.entries).set(key, { ...entry, value });
  return setPath(root, ['data'], { ...data, entries });
}
