import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LockstepError } from '../protocol/index.js';
import { isProcessAlive } from './processes.js';

/** Pieces are gathered into blocks of this many bytes: a write for each would dominate the cost. */
const blockBytes = 1 << 16;

let written = 0;

/**
 * A JSON document's text: indented by two spaces, with a newline at its end. Control characters that JSON
 * allows in strings (U+007F to U+009F) are escaped, because terminals obey them.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replaceAll(/[\u007f-\u009f]/g, escaped)}\n`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * Writes a file whole under a temporary name, syncs it and renames it into place. Creates its folder where
 * there is none.
 * @throws LockstepError `disk` when it cannot be written; an existing file is then untouched
 */
export function writeAtomic(path: string, content: string | Uint8Array): Promise<void> {
  return replaceAtomic(path, (temporary) => writeFile(temporary, content, { flag: 'wx' }));
}

/** Like {@link writeAtomic}, for a value as {@link jsonText}. */
export function writeJsonAtomic(path: string, value: unknown): Promise<void> {
  return writeAtomic(path, jsonText(value));
}

/** Like {@link writeAtomic}, piece by piece. */
export async function streamAtomic(
  path: string,
  pieces: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  await replaceAtomic(path, async (temporary) => {
    const file = await open(temporary, 'wx');
    try {
      for await (const block of blocksOf(pieces)) await file.writeFile(block);
    } finally {
      await file.close();
    }
  });
}

/**
 * Replaces a file by the one that `write` makes at the temporary path it is given; otherwise like
 * {@link writeAtomic}.
 * @throws LockstepError `disk` when it cannot be written, or what `write` throws; an existing file is then
 *   untouched
 */
export async function replaceAtomic(
  path: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${process.pid}.${written++}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await write(temporary);
    const file = await open(temporary, 'r+');
    await file.sync().finally(() => file.close());
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    // A read-only disk refuses even this.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cause instanceof LockstepError ? cause : cannotWrite(path, cause);
  }
}

/** Writes a new file and syncs it; for a name, or in a folder, that is only temporary. */
export async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    // Not `write`, which may write only a part when the disk is nearly full, and report success.
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename or a removal in a folder survive a power cut. */
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

/**
 * Removes the temporary files that killed processes left in a folder; those of a living process stay.
 * Only for the holder of the folder's lock. Never fails.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((name) => name.endsWith('.tmp'))) {
    const pid = /\.(\d+)(\.[\da-f]+)?\.tmp$/.exec(name)?.[1];
    if (pid !== undefined && isProcessAlive(Number(pid))) continue;
    // A leftover that cannot be removed does no harm.
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The error for a file that cannot be written: a full disk, or a missing permission. */
export function cannotWrite(path: string, cause: unknown): LockstepError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LockstepError('disk', `cannot write ${path}: ${reason}`, {
    cause,
    hint: 'Free disk space, or choose a writable folder; what was written so far is whole.',
  });
}

async function* blocksOf(pieces: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  let block: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece as Uint8Array);
    block.push(bytes);
    size += bytes.length;
    if (size < blockBytes) continue;
    yield Buffer.concat(block);
    block = [];
    size = 0;
  }
  yield Buffer.concat(block);
}
