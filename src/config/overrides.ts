import { LockstepError } from '../protocol/index.js';
import { setPath } from './overlay.js';
import { parsePath } from './path.js';
import { fromPlain, type Sourced } from './sourced.js';
import { parseYaml } from './yaml.js';

/** One `--set path=value`. */
export interface Override {
  /** The flag as the user wrote it. */
  readonly source: string;
  readonly path: readonly string[];
  readonly value: Sourced;
}

/**
 * Reads the text after `--set`; the value is YAML, so `=0.1`, `=[1, 2]` and `={kind: alpha}` work.
 * @throws LockstepError `usage`
 */
export function parseOverride(text: string): Override {
  const source = `--set ${text}`;
  // An equals sign inside a quoted segment belongs to the path.
  const match = /^((?:"(?:[^"\\]|\\.)*"|[^="])*)=(.*)$/s.exec(text);
  const path = match === null ? undefined : parsePath(match[1]!.trim());
  if (path === undefined) {
    throw new LockstepError('usage', `${source}: expected path=value, got ${text || 'nothing'}`, {
      hint: 'For instance --set training.steps=100 or --set network.layers.0.filters=16.',
    });
  }
  if (path[0] === 'extends') {
    throw new LockstepError(
      'usage',
      `${source}: expected a key of the configuration, got extends`,
      {
        hint: 'Pass the other file as the configuration instead.',
      },
    );
  }
  return { source, path, value: parseYaml(match![2]!, source, false) };
}

/** Lays `--set` over the configuration, later ones over earlier ones. */
export function applyOverrides(root: Sourced, overrides: readonly Override[]): Sourced {
  return overrides.reduce((tree, { path, value }) => setPath(tree, path, value), root);
}

/** Lays `--seeds 1..3` over the configuration. */
export function applySeeds(root: Sourced, seeds: string): Sourced {
  const source = `--seeds ${seeds}`;
  return setPath(root, ['seeds'], fromPlain(seeds, { source }));
}
