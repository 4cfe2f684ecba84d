import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LockstepError } from '../protocol/index.js';
import { readRun } from '../run/read-run.js';
import type { Run } from '../run/read-run.js';

export interface ListedRuns {
  /** Oldest first. */
  readonly runs: readonly Run[];
  /** Those that cannot be read, and why. */
  readonly damaged: readonly { readonly folder: string; readonly error: LockstepError }[];
}

/**
 * The runs in a folder. Folders without a manifest are no runs.
 * @param folder absolute
 * @throws LockstepError `usage` when there is no such folder
 */
export async function listRuns(folder: string): Promise<ListedRuns> {
  const runs: Run[] = [];
  const damaged: { folder: string; error: LockstepError }[] = [];
  for (const path of await runFolders(folder)) {
    try {
      runs.push(await readRun(path));
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      damaged.push({ folder: path, error });
    }
  }
  return { runs, damaged };
}

async function runFolders(folder: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw new LockstepError('usage', `expected a folder of runs, got ${folder}`, {
      cause,
      hint: 'Name it with --out, or make a run with `lockstep run`.',
    });
  }
  const time = (name: string) => /-(\d{8}T\d{6}Z)-/.exec(name)?.[1] ?? '';
  return (
    names
      // `latest` is a link to one of the others.
      .filter((name) => name !== 'latest' && existsSync(join(folder, name, 'manifest.json')))
      .sort((a, b) => (time(a) < time(b) ? -1 : 1))
      .map((name) => join(folder, name))
  );
}
