import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { cannotWrite } from '../files/write-atomic.js';

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
        // Then a resume cuts the torn line off.
      }
      throw cannotWrite(this.path, cause);
    }
  }

  /** Makes everything written survive a power cut. @throws LockstepError `disk` */
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
 * The whole lines of a file, without their newlines, up to the first for which `keep` returns false;
 * the first refused line, all that follow and a torn last line are cut off the file.
 * @throws LockstepError `disk` when the file cannot be cut
 * @returns the lines kept; none when there is no file
 */
export function truncateLines(path: string, keep: (line: string) => boolean): string[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const kept: string[] = [];
  let end = 0;
  for (let newline = bytes.indexOf(10); newline >= 0; newline = bytes.indexOf(10, end)) {
    const line = bytes.toString('utf8', end, newline);
    if (!keep(line)) break;
    kept.push(line);
    end = newline + 1;
  }
  if (end < bytes.length) cutOff(path, end);
  return kept;
}

function cutOff(path: string, end: number): void {
  try {
    truncateSync(path, end);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}
