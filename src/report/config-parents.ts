import { basename } from 'node:path';
import { overlay } from '../config/overlay.js';
import { parseOverride } from '../config/overrides.js';
import { formatPath, leaves } from '../config/path.js';
import { fromPlain, nodeAt, toPlain } from '../config/sourced.js';
import type { Sourced } from '../config/sourced.js';
import type { Manifest } from '../run/manifest.js';

/** A setting that a file changes in what it extends, or a flag in what the files say. */
export interface ParentChange {
  /** The file's name, or the flag. */
  readonly source: string;
  readonly path: string;
  /** As JSON; null where nothing was said before. */
  readonly before: string | null;
  readonly after: string;
}

/**
 * How a configuration came to differ from the files it extends, file after file and flag after flag;
 * empty for a file that extends none, run without flags.
 */
export function parentChanges({ origin, config }: Manifest): ParentChange[] {
  const [root, ...children] = origin?.sources ?? [];
  if (origin === undefined || root === undefined) return [];
  const left = config.sweep === undefined ? ['name', 'sweep'] : ['name'];
  let merged: Sourced = fromPlain(root.values, { source: root.source });
  const changes: ParentChange[] = [];
  const note = (source: string, path: readonly string[], value: unknown) => {
    const below = nodeAt(merged, path);
    const before = below === undefined ? null : JSON.stringify(toPlain(below));
    const after = JSON.stringify(value);
    if (before === after || left.includes(path[0] ?? '')) return;
    changes.push({ source, path: formatPath(path), before, after });
  };
  for (const { source, values } of children) {
    for (const { path, value } of leaves(values)) note(basename(source), path, value);
    merged = overlay(merged, fromPlain(values, { source }));
  }
  for (const flag of origin.overrides) {
    const [name = '', text = ''] = /^(--\S+) (.*)$/s.exec(flag)?.slice(1) ?? [];
    const path = name === '--set' ? parseOverride(text).path : ['seeds'];
    const value = path.reduce<unknown>(
      (node, key) => (node as Readonly<Record<string, unknown>> | undefined)?.[key],
      config,
    );
    if (value !== undefined) note(name, path, value);
  }
  return changes;
}
