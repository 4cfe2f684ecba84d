import { createHash } from 'node:crypto';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { LockstepError } from '../protocol/index.js';
import { blameIn, type Blame } from './blame.js';
import { resolveDataFolder } from './data-folder.js';
import { readConfigFile } from './files.js';
import type { ConfigFile } from './files.js';
import { resolveModuleFiles } from './module-files.js';
import { overlay, setPath } from './overlay.js';
import { resolveProgramFiles } from './program-files.js';
import { nameFrom } from './schema/names.js';
import { applyOverrides, applySeeds, parseOverride } from './overrides.js';
import {
  formatOrigin,
  fromPlain,
  isRemoval,
  nodeAt,
  toPlain,
  type Sourced,
  type SourcedMap,
} from './sourced.js';
import type { Config } from './schema.js';
import { validate } from './validate.js';
import { parseYaml } from './yaml.js';

export interface LoadOptions {
  /** A path, the name of a shipped configuration such as `tutorial`, or what a file would have. */
  readonly file: string | Readonly<Record<string, unknown>>;
  /** Texts after `--set`, in order. */
  readonly overrides?: readonly string[] | undefined;
  /** The text after `--seeds`. */
  readonly seeds?: string | undefined;
  /** Absolute; what relative paths on the command line are relative to. */
  readonly cwd: string;
}

/** One file a configuration was made from. */
export interface ConfigSource {
  /** As messages name it: relative to the working directory if inside it. */
  readonly source: string;
  /** Of the file's bytes as UTF-8 text, in hexadecimal. */
  readonly sha256: string;
  /** What this file sets itself. */
  readonly values: unknown;
}

export interface LoadedConfig {
  readonly config: Config;
  /** The files, from the root of the `extends` chain to the file asked for. */
  readonly sources: readonly ConfigSource[];
  /** `--set` and `--seeds`, as written. */
  readonly overrides: readonly string[];
  /** Adds to a later error about a key of the configuration where that was written. */
  readonly blame: Blame;
}

/**
 * Reads a configuration, what it extends, and the command line's overrides.
 * @throws LockstepError `usage`: everything wrong with it, with file, line and column
 */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  return (await loadConfigWithSources(options)).config;
}

/** {@link loadConfig}, and where the configuration came from. */
export async function loadConfigWithSources(options: LoadOptions): Promise<LoadedConfig> {
  const { cwd, seeds } = options;
  const overrides = (options.overrides ?? []).map(parseOverride);
  const layers = await readLayers(options.file, cwd);
  let root = layers.map(({ tree }): Sourced => tree).reduce((base, over) => overlay(base, over));
  root = withName(root, layers.at(-1)!);
  root = resolveDataFolder(applyOverrides(root, overrides), cwd);
  root = resolveModuleFiles(resolveProgramFiles(root, cwd), cwd);
  if (seeds !== undefined) root = applySeeds(root, seeds);
  return {
    config: validate(root),
    sources: layers.map(({ source, sha256, tree }) => ({ source, sha256, values: toPlain(tree) })),
    overrides: [
      ...overrides.map(({ source }) => source),
      ...(seeds === undefined ? [] : [`--seeds ${seeds}`]),
    ],
    blame: blameIn(root),
  };
}

interface Layer {
  readonly path: string;
  readonly source: string;
  readonly sha256: string;
  readonly tree: SourcedMap;
}

/** The chain of `extends`, its root first. */
async function readLayers(file: LoadOptions['file'], cwd: string): Promise<Layer[]> {
  const layers: Layer[] = [];
  let next = typeof file === 'string' ? await readConfigFile(file, cwd) : asFile(file, cwd);
  for (;;) {
    const { path, text } = next;
    const source = displayPath(path, cwd);
    const { tree, parent } = takeExtends(parseYaml(text, source), source);
    const sha256 = createHash('sha256').update(text).digest('hex');
    layers.unshift({ path, source, sha256, tree: resolveFolders(tree, path) });
    if (parent === undefined) return layers;
    const place = `${parent.place}: extends: `;
    next = await readConfigFile(parent.reference, dirname(path), place);
    const { path: parentPath } = next;
    const seen = layers.findIndex((layer) => layer.path === parentPath);
    if (seen >= 0) {
      const cycle = [...layers.slice(0, seen + 1).map((layer) => layer.source)].reverse();
      const chain = [...cycle, displayPath(parentPath, cwd)];
      throw new LockstepError('usage', `${place}expected no cycle, got ${chain.join(' -> ')}`, {
        hint: 'Remove one of these extends.',
      });
    }
  }
}

/** A configuration from memory, as a file in the working directory: JSON is YAML. */
function asFile(values: Readonly<Record<string, unknown>>, cwd: string): ConfigFile {
  return { path: join(cwd, 'experiment'), text: JSON.stringify(values, undefined, 2) };
}

function takeExtends(root: Sourced, source: string) {
  if (root.kind !== 'map') {
    throw new LockstepError('usage', `${source}: expected a map of keys, got ${kindOf(root)}`, {
      hint: 'Start from a shipped configuration: extends: tutorial',
    });
  }
  const entries = new Map(root.entries);
  const entry = entries.get('extends');
  entries.delete('extends');
  const tree: SourcedMap = { ...root, entries };
  if (entry === undefined) return { tree, parent: undefined };
  const place = formatOrigin(entry.value.origin);
  const reference = toPlain(entry.value);
  if (typeof reference === 'string' && reference !== '') {
    return { tree, parent: { reference, place } };
  }
  throw new LockstepError(
    'usage',
    `${place}: extends: expected the file to extend, got ${JSON.stringify(reference)}`,
    { hint: 'For instance extends: tutorial, or extends: other.yaml' },
  );
}

function kindOf(root: Sourced): string {
  if (root.kind === 'list') return 'a list';
  return root.kind === 'scalar' && root.value === null ? 'nothing' : 'a single value';
}

function resolveFolders(tree: SourcedMap, path: string): SourcedMap {
  return resolveModuleFiles(resolveDataFolder(tree, dirname(path)), dirname(path)) as SourcedMap;
}

/** A file that does not say its name is called what its file is called, not what it extends. */
function withName(root: Sourced, { tree, path, source }: Layer): Sourced {
  const said = nodeAt(tree, ['name']);
  if (said !== undefined && !isRemoval(said)) return root;
  return setPath(root, ['name'], fromPlain(nameFrom(basename(path)), { source }));
}

function displayPath(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}
