import {
  closeSync,
  createReadStream,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  writeSync,
} from 'node:fs';
import { truncate } from 'node:fs/promises';
import { isFile } from './read.js';
import { cannotWrite } from './write-atomic.js';

/**
 * An append-only file of whole lines.
 *
 * A line is in the file, complete, when `write` returns, so it survives the death of the process. If a
 * write fails half-way (a full disk), the torn line is cut off again before the error is thrown.
 */
export class LineFile {
  readonly path: string;
  readonly #fd: number;
  #size: number;

  /** @throws LockstepError `disk` when the file cannot be opened for appending */
  constructor(path: string) {
    this.path = path;
    try {
      this.#fd = openSync(path, 'a');
      this.#size = fstatSync(this.#fd).size;
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }

  /** @param line ends with a newline */
  write(line: string): void {
    const bytes = Buffer.from(line);
    try {
      for (let written = 0; written < bytes.length;) {
        written += writeSync(this.#fd, bytes, written);
      }
      this.#size += bytes.length;
    } catch (cause) {
      try {
        ftruncateSync(this.#fd, this.#size);
      } catch {
        // A resume cuts the torn line off.
      }
      throw cannotWrite(this.path, cause);
    }
  }

  /** Makes what was written survive a power cut. @throws LockstepError `disk` */
  sync(): void {
    try {
      fsyncSync(this.#fd);
    } catch (cause) {
      throw cannotWrite(this.path, cause);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/**
 * Keeps only the first `lines` lines of a file, and so drops a torn last line too; does nothing where there is no file.
 * @throws LockstepError `disk` when the file cannot be cut
 */
export async function keepLines(path: string, count: number): Promise<void> {
  if (!(await isFile(path))) return;
  const { end, size } = await endOfLine(path, count);
  if (end === size) return;
  try {
    await truncate(path, end);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

/** The byte behind the newline of the line `number`, or of the last one; and how large the file is. */
async function endOfLine(path: string, number: number) {
  let end = 0;
  let size = 0;
  let line = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(10); at >= 0 && line < number; at = chunk.indexOf(10, at + 1)) {
      line += 1;
      end = size + at + 1;
    }
    size += chunk.length;
  }
  return { end, size };
}
