import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { answerStart } from './messages.js';

/** Bytes of a program's output that are kept; what comes after them is counted only. */
export const keptOutput = 16 * 2 ** 20;
/** Bytes of the end of it that an error shows. */
const shownOutput = 2000;
/** Bytes that an answer may have. */
const longestAnswer = 64 * 2 ** 20;
const newline = 10;

/** What a program prints beside its answers, appended to a file in bounded memory and space. */
export class OutputFile {
  readonly #file: number;
  #kept = 0;
  #dropped = 0;
  #tail = Buffer.alloc(0);

  constructor(readonly path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(path, 'a');
  }

  /** The end of the output, as text. */
  get tail(): string {
    return this.#tail.toString('utf8').trim();
  }

  add(bytes: Buffer): void {
    const own = bytes.subarray(0, Math.max(0, keptOutput - this.#kept));
    if (own.length > 0) writeSync(this.#file, own);
    this.#kept += own.length;
    this.#dropped += bytes.length - own.length;
    const end = bytes.subarray(-shownOutput);
    // A copy: a part of a chunk would keep all of it in memory.
    this.#tail = Buffer.concat([this.#tail, end]).subarray(-shownOutput);
  }

  close(): void {
    if (this.#dropped > 0) {
      writeSync(this.#file, `\n[${this.#dropped} more bytes of output were not kept]\n`);
    }
    closeSync(this.#file);
  }
}

export interface OutputParts {
  /** Called with every whole answer. */
  readonly onAnswer: (line: string) => void;
  /** Called with all other output, as it comes. */
  readonly onOther: (bytes: Buffer) => void;
  /** Called once with the start of an answer that is too long. */
  readonly onTooLong: (start: string) => void;
}

/**
 * Splits standard output into answers, lines that start with `{"`, and all else. Only an answer is held in
 * memory; a line that is none passes through however long it is.
 */
export class OutputSplitter {
  #line: Buffer[] = [];
  #length = 0;
  /** What the line under way is; unknown before its second byte. */
  #kind: 'unknown' | 'answer' | 'other' = 'unknown';

  constructor(private readonly parts: OutputParts) {}

  /** The start of an answer that has no end yet. */
  get unfinished(): string | undefined {
    return this.#kind === 'answer' ? excerpt(Buffer.concat(this.#line)) : undefined;
  }

  add(chunk: Buffer): void {
    let from = 0;
    while (from < chunk.length) {
      const at = chunk.indexOf(newline, from);
      const to = at === -1 ? chunk.length : at + 1;
      this.#addPart(chunk.subarray(from, to), at !== -1);
      from = to;
    }
  }

  #addPart(part: Buffer, isEnd: boolean): void {
    if (this.#kind !== 'other') {
      this.#line.push(part);
      this.#length += part.length;
    }
    if (this.#kind === 'unknown' && (this.#length >= answerStart.length || isEnd)) {
      const start = Buffer.concat(this.#line).subarray(0, answerStart.length);
      this.#kind = start.equals(answerStart) ? 'answer' : 'other';
      if (this.#kind === 'other') this.parts.onOther(this.#take());
    } else if (this.#kind === 'other') this.parts.onOther(part);
    if (this.#kind === 'answer' && this.#length > longestAnswer) {
      this.parts.onTooLong(excerpt(this.#take()));
      this.#kind = 'other';
    }
    if (!isEnd) return;
    if (this.#kind === 'answer') this.parts.onAnswer(this.#take().toString('utf8').trimEnd());
    this.#kind = 'unknown';
  }

  #take(): Buffer {
    const line = this.#line.length === 1 ? this.#line[0]! : Buffer.concat(this.#line);
    this.#line = [];
    this.#length = 0;
    return line;
  }
}

function excerpt(bytes: Buffer): string {
  return bytes.subarray(0, 120).toString('utf8');
}
