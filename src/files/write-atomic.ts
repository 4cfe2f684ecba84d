import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cannotWrite } from './cannot-write.js';
import { jsonText } from './json-text.js';

let written = 0;

/**
 * Writes a file whole under a temporary name, syncs it and renames it into place.
 * @throws LockstepError `disk` when it cannot be written; an existing file is then untouched
 */
export async function writeAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.${written++}.tmp`;
  try {
    await writeSynced(temporary, content);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    // The disk refuses even this where it is read-only.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cannotWrite(path, cause);
  }
}

/** As {@link writeAtomic}, of a value as {@link jsonText}. */
export function writeJsonAtomic(path: string, value: unknown): Promise<void> {
  return writeAtomic(path, jsonText(value));
}

/** Writes a new file and syncs it; for a name, or in a folder, that is only temporary. */
export async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    // Not `write`, which may write a part only when the disk is nearly full, and calls it success.
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename in a folder itself survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open folders, and renames durably without.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
