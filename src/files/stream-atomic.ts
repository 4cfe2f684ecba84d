import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LockstepError } from '../protocol/index.js';
import { cannotWrite } from './cannot-write.js';

const blockBytes = 1 << 16;

/**
 * Writes a file piece by piece under a temporary name, syncs it and renames it into place; makes its
 * folder where there is none.
 * @throws LockstepError `disk` when it cannot be written; an existing file is then untouched
 */
export async function streamAtomic(
  path: string,
  pieces: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  await replaceAtomic(path, async (temporary) => {
    const file = await open(temporary, 'w');
    try {
      for await (const block of blocksOf(pieces)) await file.writeFile(block);
    } finally {
      await file.close();
    }
  });
}

/** Joins small pieces, of which a write each would cost more than all else. */
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

/**
 * As {@link streamAtomic}, for whoever wants a path to write to.
 * @param write makes the whole file at the temporary path it is given
 */
export async function replaceAtomic(
  path: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await write(temporary);
    const file = await open(temporary, 'r+');
    await file.sync().finally(() => file.close());
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw cause instanceof LockstepError ? cause : cannotWrite(path, cause);
  }
}
