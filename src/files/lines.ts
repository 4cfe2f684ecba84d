import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { cannotRead, isFile } from './read.js';

/** A line of a text file. */
export interface Line {
  /** Without its newline. */
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
  /** False for a last line without a newline: its writer was killed, or is writing. */
  readonly whole: boolean;
}

/**
 * The lines of a UTF-8 file, one after another in memory; none where there is no file. Unlike in
 * `node:readline`, only `\n` ends a line, and a torn last line is marked as such.
 * @throws LockstepError `data` for what is there but is no file
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  if (!(await isFile(path))) return;
  let rest = '';
  let number = 0;
  for await (const chunk of chunksOf(path)) {
    const texts = (rest + chunk).split('\n');
    rest = texts.pop()!;
    for (const text of texts) yield { text, number: ++number, whole: true };
  }
  if (rest !== '') yield { text: rest, number: number + 1, whole: false };
}

/** Of a few ten thousand characters each. */
async function* chunksOf(path: string): AsyncGenerator<string> {
  const chunks = createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>;
  try {
    yield* chunks;
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** Bytes read at once when a file is read from its end. */
const tailBytes = 1 << 14;

/**
 * The last line of a UTF-8 file that has its newline, without it; undefined where there is none, or no
 * file. Reads from the end no more than it needs.
 * @throws LockstepError `data` for what is there but is no file
 */
export async function lastWholeLine(path: string): Promise<string | undefined> {
  if (!(await isFile(path))) return undefined;
  const file = await open(path, 'r');
  try {
    let bytes = Buffer.alloc(0);
    for (let start = (await file.stat()).size; start > 0;) {
      const length = Math.min(tailBytes, start);
      start -= length;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
      bytes = Buffer.concat([buffer.subarray(0, bytesRead), bytes]);
      const end = bytes.lastIndexOf('\n');
      const begin = end > 0 ? bytes.lastIndexOf('\n', end - 1) : -1;
      if (end >= 0 && (begin >= 0 || start === 0)) return bytes.toString('utf8', begin + 1, end);
    }
    return undefined;
  } finally {
    await file.close();
  }
}

/**
 * Where the last line that has its newline ends, in bytes from the start of a file; `from` where no line ends after
 * it, or there is no file.
 */
export async function lastNewline(path: string, from: number): Promise<number> {
  if (!(await isFile(path))) return from;
  const file = await open(path, 'r');
  try {
    for (let end = (await file.stat()).size; end > from;) {
      const length = Math.min(tailBytes, end - from);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, end - length);
      const at = buffer.subarray(0, bytesRead).lastIndexOf('\n');
      if (at >= 0) return end - length + at + 1;
      end -= length;
    }
    return from;
  } finally {
    await file.close();
  }
}
