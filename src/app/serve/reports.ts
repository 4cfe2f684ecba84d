import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LockstepError } from '../../protocol/index.js';
import { yieldToTraining } from '../tail-run.js';
import type { RenderedReport, RenderReply } from './report-program.js';
import type { IndexedRun } from './run-index.js';

const program = fileURLToPath(new URL('./report-program.js', import.meta.url));
/** How many reports are kept. */
const most = 50;
/** Milliseconds that a report may take, and MiB of its process: the folder may be anybody's. */
const limits = { time: 180_000, memory: 2048 };

/**
 * The reports of runs, each made once for every version of its run. Drawing takes seconds, so it is done in a
 * process of its own, one at a time.
 */
export class Reports {
  readonly #made = new Map<
    string,
    { readonly version: string; readonly reply: Promise<RenderReply> }
  >();
  #last: Promise<unknown> = Promise.resolve();
  #working: ChildProcess | undefined;
  #isClosed = false;

  /** @returns the report, or why there is none @throws LockstepError `worker` where its process was lost */
  of({ id, folder, version }: IndexedRun): Promise<RenderReply> {
    const known = this.#made.get(id);
    if (known?.version === version) return known.reply;
    const reply = this.#last.then(() => this.#render(folder));
    // Another try after a failure that is no property of the run.
    this.#last = reply.catch(() => this.#made.delete(id));
    this.#made.delete(id);
    this.#made.set(id, { version, reply });
    const [oldest] = this.#made.keys();
    if (this.#made.size > most && oldest !== undefined) this.#made.delete(oldest);
    return reply;
  }

  close(): void {
    this.#isClosed = true;
    this.#working?.kill('SIGKILL');
  }

  #render(folder: string): Promise<RenderReply> {
    return new Promise((resolve, reject) => {
      const lose = (how: string) => {
        reject(new LockstepError('worker', `the report was not made: ${how}`));
      };
      if (this.#isClosed) {
        lose('the server is closing');
        return;
      }
      const child = fork(program, [folder], {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        execArgv: [`--max-old-space-size=${limits.memory}`],
        timeout: limits.time,
        killSignal: 'SIGKILL',
      });
      yieldToTraining(child.pid);
      this.#working = child;
      let reply: RenderReply | undefined;
      child.on('message', (message) => {
        reply = message as RenderReply;
      });
      child.on('error', ({ message }) => {
        lose(message);
      });
      child.on('close', (code, signal) => {
        if (reply === undefined) lose(`its process ended with ${code ?? signal ?? 'nothing'}`);
        else resolve(reply);
      });
    });
  }
}

export function isRendered(reply: RenderReply): reply is RenderedReport {
  return 'verdict' in reply;
}
