import { statfs } from 'node:fs/promises';
import { LockstepError } from '../protocol/index.js';

/**
 * Makes sure a folder's file system has room.
 * @param folder exists
 * @param bytes needed
 * @throws {LockstepError} `disk` when there is less
 */
export async function requireFreeDisk(
  folder: string,
  bytes: number,
  free: (folder: string) => Promise<number> = freeBytes,
): Promise<void> {
  const available = await free(folder);
  if (available >= bytes) return;
  throw new LockstepError(
    'disk',
    `Expected ${gigabytes(bytes)} free in ${folder}, got ${gigabytes(available)}.`,
    { hint: 'Make room, or name another folder with the environment variable LOCKSTEP_CACHE.' },
  );
}

/** Bytes this user may still write in a folder's file system. */
async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
