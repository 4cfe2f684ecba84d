import { fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Observable } from 'rxjs';
import { deserializeError, exitCodes, LockstepError } from '../../protocol/index.js';
import type { TrialMessage } from '../../trial/messages.js';

const main = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

/** Where Node.js 22 and later keep compiled code, so that one trial's process compiles it for all. */
const compileCache = join(tmpdir(), 'node-compile-cache');

/** How much of a dead process's last words an error quotes, in characters. */
const quotedOutput = 2000;

/** How a trial's process ends that has told all there is to tell; any other code is a crash. */
const ownExitCodes = new Set<number>([0, exitCodes.diverged, exitCodes.interrupted]);

/** What a running trial tells; the stream completes when its process has ended well. */
export type TrialEvent = { readonly trial: number } & Exclude<TrialMessage, { kind: 'error' }>;

export interface LaunchOptions {
  readonly runFolder: string;
  readonly trial: number;
  /** Variables for native code, which reads them when its process starts. */
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted: the trial finishes its step, checkpoints and ends. */
  readonly stop: AbortSignal;
}

/**
 * Runs one trial in a process of its own: a native crash costs that trial and nothing else.
 *
 * Errors with the trial's own `LockstepError`, or `worker` when the process died without a word.
 * Unsubscribing kills the process at once.
 */
export function launchTrial(options: LaunchOptions): Observable<TrialEvent> {
  const { runFolder, trial, environment, stop } = options;
  return new Observable((subscriber) => {
    const child = fork(main, ['trial', runFolder, String(trial)], {
      env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let output = '';
    let failure: LockstepError | undefined;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-quotedOutput);
    });
    child.on('message', (messages: readonly TrialMessage[]) => {
      for (const message of messages) {
        if (message.kind === 'error') failure = deserializeError(message.error);
        else subscriber.next({ trial, ...message });
      }
    });
    child.once('error', (cause) => {
      subscriber.error(died(trial, cause.message, output));
    });
    // `close`, not `exit`: it comes after the last message and the last output.
    child.once('close', (code, signal) => {
      if (failure !== undefined) subscriber.error(failure);
      else if (code === null) subscriber.error(died(trial, `killed by ${signal ?? '?'}`, output));
      else if (!ownExitCodes.has(code)) {
        subscriber.error(died(trial, `exit code ${code}`, output));
      } else subscriber.complete();
    });
    const requestStop = () => {
      // A trial that ended meanwhile needs no word.
      child.send({ kind: 'stop' }, () => undefined);
    };
    if (stop.aborted) requestStop();
    stop.addEventListener('abort', requestStop);
    return () => {
      stop.removeEventListener('abort', requestStop);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    };
  });
}

function died(trial: number, how: string, output: string): LockstepError {
  const words = output.trim();
  return new LockstepError(
    'worker',
    `trial ${trial}: its process died (${how})${words === '' ? '' : `; its last words:\n${words}`}`,
    { hint: 'Its log and checkpoints are whole: `lockstep resume` goes on from them.' },
  );
}
