import { open, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { shippedNames } from '../../config/files.js';
import { loadConfig } from '../../config/load.js';
import { parseOverride } from '../../config/overrides.js';
import { toPlain } from '../../config/sourced.js';
import { LockstepError } from '../../protocol/index.js';

/** What a page can start. */
export interface Configurations {
  /** By name. */
  readonly shipped: readonly string[];
  /** Files of the project, relative to its folder. */
  readonly own: readonly string[];
}

/** How deep in the project, and among how many files and folders, configurations are looked for. */
const limits = { depth: 2, entries: 2000, bytes: 1 << 16 };

/**
 * The configurations that come with Lockstep, and those in a project's folder: YAML files with `extends` or
 * `variants`. Links are left out, and so are hidden folders.
 * @param project absolute
 * @param runs absolute; the folder that runs are in, where none are
 */
export async function listConfigurations(project: string, runs: string): Promise<Configurations> {
  const own: string[] = [];
  let left = limits.entries;
  const look = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      const isHidden = /^(\.|node_modules$)/.test(entry.name);
      if (isHidden || path === runs || (left -= 1) < 0) continue;
      if (entry.isDirectory() && depth < limits.depth) await look(path, depth + 1);
      if (entry.isFile() && /\.ya?ml$/.test(entry.name) && (await isConfiguration(path))) {
        own.push(relative(project, path).split(sep).join('/'));
      }
    }
  };
  await look(project, 0);
  return { shipped: await shippedNames(), own };
}

async function isConfiguration(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  try {
    const { buffer, bytesRead } = (await file?.read(Buffer.alloc(limits.bytes))) ?? {};
    const text = buffer?.toString('utf8', 0, bytesRead) ?? '';
    return /^["']?(?:extends|variants)["']?\s*:/m.test(text);
  } finally {
    await file?.close();
  }
}

/** Keys whose values name programs, code or files. */
const outward = new Set(['program', 'files', 'module', 'path', 'dataset']);
/** What `dataset` may say that names none. */
const inward = new Set<unknown>(['mnist', 'path']);

/**
 * Refuses overrides that name another program or file than the configuration does: a page may train what is
 * there, and run or read nothing else. Whatever is wrong with them otherwise is left to the command.
 * @param file as the command takes it
 * @throws LockstepError `usage`
 */
export async function requireInward(
  file: string,
  overrides: readonly string[],
  cwd: string,
): Promise<void> {
  const known = (await elseEmpty(() => loadConfig({ file, cwd }))) ?? {};
  const before = namedIn(known);
  for (const text of overrides) {
    const override = await elseEmpty(() => parseOverride(text));
    if (override === undefined) continue;
    const nested = [...override.path].reverse();
    const tree = nested.reduce<unknown>(
      (value, key) => ({ [key]: value }),
      toPlain(override.value),
    );
    const first = [...namedIn(tree)].find((one) => !before.has(one));
    if (first === undefined) continue;
    throw new LockstepError(
      'usage',
      `--set ${text}: expected no other program or file than the configuration names, got ${first}`,
      { hint: 'Write it into a configuration, or start this run in a terminal.' },
    );
  }
}

/** Undefined where the command will say what is wrong. */
async function elseEmpty<Value>(read: () => Value | Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof LockstepError) return undefined;
    throw error;
  }
}

/** `key: value` of all that is named anywhere, in a sweep's parameters as well. */
function namedIn(value: unknown): Set<string> {
  const found = new Set<string>();
  const look = (one: unknown, isOutward: boolean, key: string): void => {
    if (Array.isArray(one) && !(isOutward && key === 'program')) {
      for (const item of one) look(item, isOutward, key);
    } else if (typeof one === 'object' && one !== null && !Array.isArray(one)) {
      for (const [name, inner] of Object.entries(one)) {
        const last = name.split('.').at(-1)!;
        const isOwn = outward.has(last);
        look(inner, isOutward || isOwn, isOwn ? last : key);
      }
    } else if (isOutward && one !== undefined && !inward.has(one)) {
      found.add(`${key}: ${JSON.stringify(one)}`);
    }
  };
  look(value, false, '');
  return found;
}
