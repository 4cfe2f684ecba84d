import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';

/**
 * Most bytes to read at once, unless a line is longer. V8 collects strings of more than 128 KiB only in a
 * full collection: with 256 KiB, a log of 3 GB took 40 MiB more.
 */
const chunkSize = 1 << 16;
const leastRoom = 1 << 12;
const newline = 10;

/**
 * Reads the whole lines that a growing file has gained since the last call, in constant memory.
 *
 * A resume cuts a log back and then writes more, perhaps past its former end, so the size alone does not
 * show it. The cursor therefore reads the last line again; if it has changed, it reads the file from the
 * start. Lines may then come twice, and `createSeenOnce` drops them.
 */
export class LogCursor {
  readonly #path: string;
  /** Where the next line begins. */
  #offset = 0;
  /** The last line read, with its newline; it ends at the offset. */
  #last: Buffer = Buffer.alloc(0);
  /** The file's state when it was last read to its end. */
  #seen: Stats | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Whether there was a file at the last call. */
  get hasFile(): boolean {
    return this.#seen !== undefined;
  }

  /**
   * Yields new whole lines without their newlines, in batches; nothing when there is no file.
   *
   * Synchronous: on a busy machine every call to the thread pool has to wait, which would dominate with
   * many trials. The caller may let other work run between two batches.
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
        // The log was cut back meanwhile: the rest is for the next call.
        if (chunk.length < wanted) break;
      }
    } finally {
      closeSync(fd);
    }
  }
}

/** Whether nothing was written in between (a resume changes the time as well), or there is no file. */
function isSame(now: Stats | undefined, before: Stats | undefined): boolean {
  if (now === undefined) return true;
  return now.size === before?.size && now.mtimeMs === before.mtimeMs && now.ino === before.ino;
}
