import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setPath } from './overlay.js';
import type { Config } from './schema.js';
import { nodeAt } from './sourced.js';
import type { Sourced } from './sourced.js';

/**
 * Makes the files that the commands of programs name absolute, so that a run can be resumed from anywhere. The
 * program itself is one only with a slash in it: any other name is looked up in PATH.
 * @param folder absolute; what relative paths are relative to
 */
export function resolveProgramFiles(root: Sourced, folder: string): Sourced {
  const variants = nodeAt(root, ['variants']);
  if (variants?.kind !== 'map') return root;
  return [...variants.entries.keys()].reduce((tree, name) => {
    const path = ['variants', name, 'program'];
    const command = nodeAt(tree, path);
    if (command?.kind !== 'list') return tree;
    const items = command.items.map((item, index): Sourced => {
      if (item.kind !== 'scalar' || typeof item.value !== 'string' || item.value === '')
        return item;
      if (index === 0 && !/[\\/]/.test(item.value)) return item;
      const file = resolve(folder, item.value);
      return existsSync(file) ? { ...item, value: file } : item;
    });
    return setPath(tree, path, { ...command, items });
  }, root);
}

/** Of the variants that are programs, those of a sweep's points not among them. */
export function programCommands({ variants }: Config): (readonly string[])[] {
  return Object.values(variants).flatMap(({ program }) => (program === undefined ? [] : [program]));
}
