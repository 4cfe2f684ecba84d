import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

const chunkSize = 1 << 20;
const newline = 10;

/**
 * Reads the whole lines that a growing file has gained since the last time, in constant memory.
 *
 * A resume cuts a log back and writes on, perhaps past where it was, so that its size alone does not
 * tell. The last line read is therefore read again, and if it is no longer there the file is read
 * from its start: lines may then come twice, and it is for `createSeenOnce` to drop them.
 */
export class LogCursor {
  readonly #path: string;
  /** Where the next line begins. */
  #offset = 0;
  /** The last line read, its newline included; it ends at the offset. */
  #last: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  /** New whole lines without their newlines; none when there is no file. */
  async *read(): AsyncGenerator<string> {
    let file: FileHandle;
    try {
      file = await open(this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    try {
      if ((await file.stat()).size === this.#offset && (await this.#unchanged(file))) return;
      for (let wanted = chunkSize; ;) {
        const chunk = await readAt(file, this.#offset - this.#last.length, wanted);
        if (!chunk.subarray(0, this.#last.length).equals(this.#last)) {
          this.#offset = 0;
          this.#last = Buffer.alloc(0);
          continue;
        }
        const from = this.#last.length;
        const end = chunk.lastIndexOf(newline) + 1;
        if (end > from) {
          const lines = chunk.toString('utf8', from, end - 1).split('\n');
          this.#offset += end - from;
          this.#last = Buffer.from(
            chunk.subarray(chunk.subarray(0, end - 1).lastIndexOf(newline) + 1, end),
          );
          yield* lines;
        } else if (chunk.length < wanted) return;
        else wanted *= 2;
      }
    } finally {
      await file.close();
    }
  }

  async #unchanged(file: FileHandle): Promise<boolean> {
    const start = this.#offset - this.#last.length;
    return (await readAt(file, start, this.#last.length)).equals(this.#last);
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
