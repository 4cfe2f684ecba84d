import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isProcessAlive } from './process-alive.js';

/**
 * Removes from a folder what processes that were killed left unfinished: the temporary names that all files
 * are written under. Those with a living process's number stay. For who holds the lock of what is in
 * the folder; never fails.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((name) => name.endsWith('.tmp'))) {
    const pid = /\.(\d+)(\.[\da-f]+)?\.tmp$/.exec(name)?.[1];
    if (pid !== undefined && isProcessAlive(Number(pid))) continue;
    // What cannot be removed does no harm.
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
