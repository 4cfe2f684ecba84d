import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';

/**
 * Most bytes to read at once, unless a line is longer. Strings of more than 128 KiB are large objects to
 * V8, which pile up until a full collection: with 256 KiB a log of 3 GB took 40 MiB more.
 */
const chunkSize = 1 << 16;
const leastRoom = 1 << 12;
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
  /** What the file was like when it was last read to its end. */
  #seen: Stats | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether there was a file when it was last read. */
  get hasFile(): boolean {
    return this.#seen !== undefined;
  }

  /**
   * New whole lines without their newlines, some at a time; none when there is no file.
   *
   * Synchronous: on a busy machine every trip to the pool of threads waits for its turn, and with many
   * trials these turns would be what takes long. Between two chunks the caller may let others run.
   */
  *read(): Generator<readonly string[]> {
    if (isSame(statSync(this.#path, { throwIfNoEntry: false }), this.#seen)) return;
    const fd = openSync(this.#path, 'r');
    try {
      const now = fstatSync(fd);
      let room = Math.min(chunkSize, Math.max(leastRoom, now.size - this.#offset + 1));
      let buffer = Buffer.allocUnsafe(this.#last.length + room);
      for (;;) {
        const wanted = this.#last.length + room;
        if (buffer.length < wanted) buffer = Buffer.allocUnsafe(wanted);
        const start = this.#offset - this.#last.length;
        const chunk = buffer.subarray(0, readSync(fd, buffer, 0, wanted, start));
        const from = this.#last.length;
        if (!chunk.subarray(0, from).equals(this.#last)) {
          this.#offset = 0;
          this.#last = Buffer.alloc(0);
          room = chunkSize;
          continue;
        }
        const end = chunk.lastIndexOf(newline) + 1;
        if (end > from) {
          const lines = chunk.toString('utf8', from, end - 1).split('\n');
          this.#offset += end - from;
          this.#last = Buffer.from(
            chunk.subarray(chunk.subarray(0, end - 1).lastIndexOf(newline) + 1, end),
          );
          yield lines;
        } else if (chunk.length === wanted) room *= 2;
        if (start + chunk.length >= now.size) {
          this.#seen = now;
          break;
        }
        // Cut back meanwhile: what is left to read is for the next time.
        if (chunk.length < wanted) break;
      }
    } finally {
      closeSync(fd);
    }
  }
}

/** Whether nobody wrote to a file in between: a resume, too, leaves another time. Or there is none. */
function isSame(now: Stats | undefined, before: Stats | undefined): boolean {
  if (now === undefined) return true;
  return now.size === before?.size && now.mtimeMs === before.mtimeMs && now.ino === before.ino;
}
