import { createReadStream } from 'node:fs';

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
 * The lines of a UTF-8 file, one after another in memory; unlike `node:readline`, only `\n` ends a
 * line, and a torn last one is told from a whole one.
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let rest = '';
  let number = 0;
  const chunks = createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>;
  for await (const chunk of chunks) {
    const texts = (rest + chunk).split('\n');
    rest = texts.pop()!;
    for (const text of texts) yield { text, number: ++number, whole: true };
  }
  if (rest !== '') yield { text: rest, number: number + 1, whole: false };
}
