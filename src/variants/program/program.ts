import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { LockstepError } from '../../protocol/index.js';
import { answers, parseAnswer } from './messages.js';
import type { Answer, AnswerName } from './messages.js';
import { OutputFile, OutputSplitter } from './output.js';

/** Milliseconds that a program has to end by itself when it is told to stop, and then when it is asked by SIGTERM. */
const stopPatience = 2000;
const termPatience = 1000;
/** Milliseconds that output may take to arrive after the program's end; its children may hold the pipe open. */
const outputPatience = 500;

interface Question {
  readonly event: AnswerName;
  /** For messages, for instance `step 3`. */
  readonly what: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: LockstepError) => void;
}

export interface ProgramOptions {
  readonly variant: string;
  readonly command: readonly string[];
  /** Where output that is no answer goes. */
  readonly outputPath: string;
  /** Seconds that an answer may take. */
  readonly timeout: number;
}

/**
 * A program that answers questions in the order they were asked, one JSON object a line. It runs in a process
 * group of its own, which is killed as a whole: when it fails, when it is closed, and when this process dies.
 */
export class Program {
  readonly #options: ProgramOptions;
  readonly #child: ChildProcess;
  readonly #guard: ChildProcess | undefined;
  readonly #output: OutputFile;
  readonly #splitter: OutputSplitter;
  readonly #questions: Question[] = [];
  readonly #gone: Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #failure: LockstepError | undefined;
  #isClosing = false;

  constructor(options: ProgramOptions) {
    this.#options = options;
    const [file = '', ...args] = options.command;
    this.#output = new OutputFile(options.outputPath);
    this.#child = spawn(file, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#guard = this.#child.pid === undefined ? undefined : startGuard(this.#child.pid);
    this.#splitter = new OutputSplitter({
      onAnswer: (line) => {
        this.#takeAnswer(line);
      },
      onOther: (bytes) => {
        this.#output.add(bytes);
      },
      onTooLong: (start) => {
        this.#fail(`expected an answer of at most 64 MiB, got a longer one: ${start}`);
      },
    });
    this.#gone = this.#watch();
  }

  /**
   * Sends a message and awaits its answer.
   * @throws LockstepError `worker` when the program is lost or answers anything else
   */
  ask<Name extends AnswerName>(
    event: Name,
    what: string,
    message: Readonly<Record<string, unknown>>,
  ): Promise<Answer<Name>> {
    return new Promise<Answer<Name>>((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      const settle = resolve as (answer: unknown) => void;
      this.#questions.push({ event, what, resolve: settle, reject });
      if (this.#questions.length === 1) this.#startTimer();
      this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
    });
  }

  /** Ends it and all processes of its group; resolves when they are gone. */
  async close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true;
      clearTimeout(this.#timer);
      if (this.#failure === undefined) this.#child.stdin?.end('{"type":"stop"}\n');
      const ask = setTimeout(() => {
        this.#signal('SIGTERM');
      }, stopPatience);
      const force = setTimeout(() => {
        this.#signal('SIGKILL');
      }, stopPatience + termPatience);
      await this.#gone;
      clearTimeout(ask);
      clearTimeout(force);
    }
    await this.#gone;
  }

  #takeAnswer(line: string): void {
    if (this.#failure !== undefined || this.#isClosing) return;
    const question = this.#questions[0];
    if (question === undefined) {
      this.#fail(`expected no answer, as nothing was asked, got ${shown(line)}`);
      return;
    }
    let answer: unknown;
    try {
      answer = parseAnswer(line);
    } catch {
      this.#fail(`expected a JSON object on one line, got ${shown(line)}`);
      return;
    }
    const { event } = answer as { readonly event?: unknown };
    if (event !== question.event) {
      const message = (answer as { readonly message?: unknown }).message;
      this.#fail(
        event === 'error'
          ? `the program says: ${String(message)}`
          : `expected an answer with "event": "${question.event}", got ${shown(line)}`,
      );
      return;
    }
    const parsed = answers[question.event].safeParse(answer);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const key = issue?.path.join('.') ?? '';
      this.#fail(`${key}: expected ${issue?.message ?? 'another answer'}, got ${shown(line)}`);
      return;
    }
    this.#questions.shift();
    this.#startTimer();
    question.resolve(parsed.data);
  }

  /** For the question that is to be answered next. */
  #startTimer(): void {
    clearTimeout(this.#timer);
    if (this.#questions.length === 0) return;
    const { timeout } = this.#options;
    this.#timer = setTimeout(() => {
      this.#fail(`expected an answer within ${timeout} s, got none`);
    }, timeout * 1000);
  }

  /** Rejects all that was asked, and kills the group. */
  #fail(problem: string): void {
    if (this.#failure !== undefined) return;
    clearTimeout(this.#timer);
    const { variant } = this.#options;
    const at = this.#questions[0] ? ` at ${this.#questions[0].what}` : '';
    const { tail, path } = this.#output;
    const printed = tail === '' ? '' : `\nThe end of what it printed:\n${tail}`;
    this.#failure = new LockstepError(
      'worker',
      `variant ${variant}: its program failed${at}: ${problem}${printed}`,
      { hint: `All that it printed is in ${path}; docs/programs.md describes the protocol.` },
    );
    for (const { reject } of this.#questions.splice(0)) reject(this.#failure);
    this.#signal('SIGKILL');
  }

  /** Kills what is left of the group when the program ends, and resolves then. */
  async #watch(): Promise<void> {
    const child = this.#child;
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#splitter.add(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#output.add(chunk);
    });
    // A program that closes its input is known by what it answers, or by its end.
    child.stdin?.on('error', () => undefined);
    const ended = new Promise<void>((resolve) => {
      child.stdout?.once('end', resolve);
    });
    const how = await new Promise<string>((resolve) => {
      child.once('error', (error) => {
        const text = `expected ${this.#options.command[0]} to start, got: ${error.message}`;
        if (child.pid === undefined) resolve(text);
      });
      child.once('exit', (code, signal) => {
        resolve(
          code === null ? `it was killed by ${signal ?? '?'}` : `it ended with exit code ${code}`,
        );
      });
    });
    if (child.pid !== undefined) await Promise.race([ended, after(outputPatience)]);
    const { unfinished } = this.#splitter;
    const half = unfinished === undefined ? '' : ` in the middle of an answer: ${unfinished}`;
    if (!this.#isClosing) this.#fail(how + half);
    this.#signal('SIGKILL');
    this.#guard?.stdin?.end('done');
    child.stdout?.destroy();
    child.stderr?.destroy();
    this.#output.close();
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid !== undefined) signalGroup(pid, signal);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // None of the group is left.
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function shown(line: string): string {
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

/**
 * Kills a group when this process dies without doing so: its input then ends without a word. A program that
 * hangs would outlive it otherwise. Engines such as Slurm send SIGTERM to all processes of a job before that.
 */
function startGuard(group: number): ChildProcess {
  const script = `let done = false;
process.on('SIGTERM', () => {});
process.stdin.on('data', () => { done = true; });
process.stdin.on('end', () => { if (!done) try { process.kill(-${group}, 'SIGKILL'); } catch {} });`;
  const guard = spawn(process.execPath, ['-e', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  return guard;
}
