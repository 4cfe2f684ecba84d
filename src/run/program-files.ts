import { dirname, extname, isAbsolute, join } from 'node:path';
import type { Config } from '../config/schema.js';
import { sha256File } from '../files/checksums.js';
import { LockstepError } from '../protocol/index.js';
import type { Provenance } from './manifest.js';

type ProgramFile = NonNullable<Provenance['programs']>[number];

/**
 * The SHA-256 of every file of the variants that are programs, each once, in the order of their paths: those that
 * the command names and those that `files` matches, or, where it is left out, those beside the first file that the
 * command names, with the same extension. What a sweep's points set is not among them.
 */
export async function programFiles({ variants }: Pick<Config, 'variants'>): Promise<ProgramFile[]> {
  const paths = new Set<string>();
  for (const { program, files } of Object.values(variants)) {
    if (program === undefined) continue;
    const named = program.filter(isAbsolute);
    const patterns = files ?? patternsBeside(named);
    for (const path of [...named, ...(await matches(patterns))]) paths.add(path);
  }
  const found: ProgramFile[] = [];
  for (const path of [...paths].sort()) {
    const sha256 = await sha256File(path).catch(() => undefined);
    if (sha256 !== undefined) found.push({ path, sha256 });
  }
  return found;
}

/** @throws LockstepError `usage` naming a pattern of `files` that no file matches */
export async function requireProgramFiles({ variants }: Pick<Config, 'variants'>): Promise<void> {
  for (const [name, { files = [] }] of Object.entries(variants)) {
    for (const [index, pattern] of files.entries()) {
      if ((await matches([pattern])).length > 0) continue;
      throw new LockstepError(
        'usage',
        `variants.${name}.files.${index}: expected a pattern that matches a file, got ${pattern}`,
        { path: ['variants', name, 'files', index] },
      );
    }
  }
}

function patternsBeside(named: readonly string[]): string[] {
  const script = named.find((path) => extname(path) !== '');
  if (script === undefined) return [];
  const folder = dirname(script).replaceAll('\\', '/');
  return [`${folder.replace(/[()[\]{}!*?+@|$^]/g, '\\$&')}/*${extname(script)}`];
}

async function matches(patterns: readonly string[]): Promise<string[]> {
  if (patterns.length === 0) return [];
  const { glob } = await import('tinyglobby');
  const found = await glob([...patterns], { absolute: true, expandDirectories: false });
  return found.map((path) => join(path));
}
