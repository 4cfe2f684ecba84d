import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { LockstepError } from '../protocol/index.js';

export interface UnpackOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes written so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * Writes the wanted files of a wheel (a zip), under the same names.
 * @param wanted decides by the name in the archive, with `/` between folders
 * @returns names of the files written
 * @throws {LockstepError} `data` when a name would leave the folder
 */
export async function unpackWheel(
  wheel: string,
  folder: string,
  wanted: (name: string) => boolean,
  options: UnpackOptions = {},
): Promise<string[]> {
  const written: string[] = [];
  let bytes = 0;
  const archive = await openPromise(wheel);
  try {
    for await (const entry of archive.eachEntry()) {
      options.signal?.throwIfAborted();
      const name = entry.fileName;
      if (name.endsWith('/') || !wanted(name)) continue;
      const target = safeJoin(folder, name);
      await mkdir(dirname(target), { recursive: true });
      const source = await archive.openReadStreamPromise(entry);
      source.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        options.onProgress?.(bytes);
      });
      await pipeline(source, createWriteStream(target), { signal: options.signal });
      written.push(name);
    }
  } finally {
    archive.close();
  }
  return written;
}

function safeJoin(folder: string, name: string): string {
  const relative = normalize(name);
  if (isAbsolute(relative) || relative.split(sep)[0] === '..') {
    throw new LockstepError('data', `Expected names inside the archive, got ${name}.`);
  }
  return join(folder, relative);
}
