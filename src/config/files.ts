import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LockstepError } from '../protocol/index.js';
import { suggest } from './suggest.js';

/** The configurations that come with Lockstep, in a checkout and in an installed package. */
export const shippedFolder = fileURLToPath(new URL('../../../configs/', import.meta.url));

export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/**
 * Reads a configuration by path, or a shipped one by name (`tutorial`, `overlays/adam`).
 * @param folder absolute; what a relative path is relative to
 * @param place the start of an error, for instance `b.yaml:1:10: extends: `
 * @throws LockstepError `usage` when it is not there or cannot be read
 */
export async function readConfigFile(
  reference: string,
  folder: string,
  place = '',
): Promise<ConfigFile> {
  let failure: unknown;
  for (const path of candidates(reference, folder)) {
    try {
      return { path, text: await readFile(path, 'utf8') };
    } catch (error) {
      failure = error;
      if (!isMissing(error)) {
        const reason = error instanceof Error ? error.message : String(error);
        const message = `${place}expected a configuration file, got ${path}: ${reason}`;
        throw new LockstepError('usage', message, {
          hint: 'Name a YAML file that can be read, or a shipped configuration.',
          cause: error,
        });
      }
    }
  }
  const [shipped, overlays] = [await shippedNames(), await overlayNames()];
  const name = reference.replace(/\.ya?ml$/, '');
  const near = suggest(name, overlays) ?? suggest(basename(name), shipped);
  const listed = reference.startsWith('overlays/') ? overlays : shipped;
  throw new LockstepError(
    'usage',
    `${place}expected a configuration file, got ${reference}, which does not exist`,
    {
      hint: `${near === undefined ? '' : `Did you mean ${near}? `}Shipped with Lockstep: ${listed.join(', ')}.`,
      cause: failure,
    },
  );
}

/** Names of the shipped configurations, sorted. */
export async function shippedNames(): Promise<string[]> {
  return namesIn(shippedFolder);
}

/** Names of the shipped overlays, each of which lays one idea over a configuration: `overlays/adam`, sorted. */
export async function overlayNames(): Promise<string[]> {
  return (await namesIn(join(shippedFolder, 'overlays'))).map((name) => `overlays/${name}`);
}

async function namesIn(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

function candidates(reference: string, folder: string): string[] {
  const own = resolve(folder, reference);
  const isBareName = /^(overlays\/)?[\w-]+$/.test(reference);
  return isBareName ? [join(shippedFolder, `${reference}.yaml`), own] : [own];
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
