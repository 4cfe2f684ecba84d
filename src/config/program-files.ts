import { existsSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { setPath } from './overlay.js';
import { nodeAt } from './sourced.js';
import type { Sourced } from './sourced.js';

/**
 * Makes the files that the commands of programs name absolute, and the patterns of their `files`, so that a run can
 * be resumed from anywhere. The program itself is one only with a slash in it: any other name is looked up in PATH.
 * @param folder absolute; what relative paths are relative to
 */
export function resolveProgramFiles(root: Sourced, folder: string): Sourced {
  const variants = nodeAt(root, ['variants']);
  if (variants?.kind !== 'map') return root;
  const argument = (text: string, index: number) => {
    const file = resolve(folder, text);
    const isLookedUp = index === 0 && !/[\\/]/.test(text);
    return !isLookedUp && existsSync(file) ? file : text;
  };
  const pattern = (text: string) => resolve(folder, text).replaceAll(sep, '/');
  return [...variants.entries.keys()].reduce(
    (tree, name) =>
      mapTexts(
        mapTexts(tree, ['variants', name, 'program'], argument),
        ['variants', name, 'files'],
        pattern,
      ),
    root,
  );
}

/** Changes the texts of a list; what is no text is left for the schema to refuse. */
function mapTexts(
  tree: Sourced,
  path: readonly string[],
  change: (text: string, index: number) => string,
): Sourced {
  const list = nodeAt(tree, path);
  if (list?.kind !== 'list') return tree;
  const items = list.items.map((item, index): Sourced =>
    item.kind === 'scalar' && typeof item.value === 'string' && item.value !== ''
      ? { ...item, value: change(item.value, index) }
      : item,
  );
  return setPath(tree, path, { ...list, items });
}
