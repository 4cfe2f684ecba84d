import { createHash } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LockstepError } from '../protocol/index.js';
import type { DataFile, Part } from './dataset.js';
import { sharedMemory } from './memory.js';

/** A data file on disk, and its content. */
export interface StoredFile {
  readonly path: string;
  /** MD5 of the file as stored (of the `.gz` where it is one), 32 hexadecimal digits. */
  readonly md5: string;
  /** Size of the file as stored. */
  readonly bytes: number;
  /** The bytes, unpacked. */
  readonly content: Uint8Array;
}

export const otherCopyHint = 'Replace the file with an intact copy.';

/**
 * Reads a file and unpacks it when it starts as gzip does, whatever its name: downloads keep or
 * lose `.gz` at the whim of the tool that made them.
 *
 * @throws LockstepError `data` when the file cannot be read or its gzip stream is corrupt
 */
export async function readDataFile(path: string): Promise<StoredFile> {
  const stored = await readStored(path);
  const md5 = createHash('md5').update(stored).digest('hex');
  const content = isGzip(stored) ? await unpack(stored, path) : stored;
  return { path, md5, bytes: stored.byteLength, content };
}

/** A file as provenance records it. */
export function describeFile({ path, md5, bytes }: StoredFile, holds: readonly Part[]): DataFile {
  return { name: basename(path), md5, bytes, holds };
}

/**
 * The names of a folder's files.
 *
 * @param wanted the expected files, for messages
 * @throws LockstepError `data` when it cannot be listed
 */
export async function listFolder(folder: string, wanted: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readdir(folder));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const got =
      code === 'ENOENT'
        ? 'no such folder'
        : code === 'ENOTDIR'
          ? 'a file'
          : (cause as Error).message;
    throw new LockstepError('data', `Expected a folder with ${wanted} at ${folder}, got ${got}.`, {
      hint:
        code === 'ENOTDIR'
          ? `Name the folder, not the file: ${dirname(folder)}.`
          : 'Check data.path, and that you may read the folder.',
      cause,
    });
  }
}

/** The file's bytes in shared memory, so that the pixels of one that is not packed need no copy. */
async function readStored(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(sharedMemory(size, path));
      let end = 0;
      for (let read = size; read > 0 && end < size; end += read) {
        // One read mostly suffices; reading in small pieces costs more time between them.
        read = (await file.read(bytes, end, Math.min(size - end, 2 ** 30), end)).bytesRead;
      }
      return bytes.subarray(0, end);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof LockstepError) throw cause;
    throw new LockstepError(
      'data',
      `Cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { hint: 'Check that the path is a file and that you may read it.', cause },
    );
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function unpack(stored: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(stored);
  } catch (cause) {
    throw new LockstepError(
      'data',
      `Expected an intact gzip stream in ${path}, got "${cause instanceof Error ? cause.message : String(cause)}" after ${stored.byteLength} bytes.`,
      { hint: otherCopyHint, cause },
    );
  }
}
