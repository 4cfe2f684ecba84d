import { resolve } from 'node:path';
import { setPath } from './overlay.js';
import { nodeAt, type Sourced } from './sourced.js';
import { suggest } from './suggest.js';

/**
 * Makes a dataset's folder absolute, so that the layers above need not know where it was written.
 * @param folder absolute; what relative paths are relative to
 */
export function resolveDataFolder(root: Sourced, folder: string): Sourced {
  return ['dataset', 'path'].reduce((tree, key) => {
    const node = nodeAt(tree, ['data', key]);
    if (node?.kind !== 'scalar' || typeof node.value !== 'string') return tree;
    if (key === 'dataset' && !isFolder(node.value)) return tree;
    return replace(tree, key, { ...node, value: resolve(folder, node.value) });
  }, root);
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
