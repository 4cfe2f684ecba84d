import { fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Observable } from 'rxjs';
import { deserializeError, exitCodes } from '../../protocol/index.js';
import type { LockstepError } from '../../protocol/index.js';
import type { TrialMessage } from '../../trial/messages.js';
import { LastWords, mainFile, processDied } from './executor.js';
import type { Executor, ExecutorOptions, TrialEvent } from './executor.js';

/** Where Node.js 22 and later keep compiled code, so that one trial's process compiles it for all. */
const compileCache = join(tmpdir(), 'node-compile-cache');

/** The exit codes of a trial's process that has reported everything; any other is a crash. */
const ownExitCodes = new Set<number>([0, exitCodes.diverged, exitCodes.interrupted]);

/** Runs every trial in a separate process: a native crash costs that trial and nothing else. */
export function processExecutor({
  runFolder,
  slots,
  environment,
  trialArguments = [],
}: ExecutorOptions): Executor {
  return {
    slots,
    launch: ({ index }, slot, stop) =>
      new Observable<TrialEvent>((subscriber) => {
        const child = fork(mainFile, ['trial', runFolder, String(index), ...trialArguments], {
          env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...environment(slot) },
          stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        });
        const words = new LastWords();
        let failure: LockstepError | undefined;
        child.stderr?.setEncoding('utf8').on('data', (text: string) => {
          words.add(text);
        });
        child.on('message', (messages: readonly TrialMessage[]) => {
          for (const message of messages) {
            if (message.kind === 'error') failure = deserializeError(message.error);
            else subscriber.next({ trial: index, ...message });
          }
        });
        child.once('error', (cause) => {
          subscriber.error(processDied(index, cause.message, words.text));
        });
        // `close`, not `exit`: it comes after the last message and the last output.
        child.once('close', (code, signal) => {
          const how = code === null ? `killed by ${signal ?? '?'}` : `exit code ${code}`;
          if (failure !== undefined) subscriber.error(failure);
          else if (code !== null && ownExitCodes.has(code)) subscriber.complete();
          else subscriber.error(processDied(index, how, words.text));
        });
        const requestStop = () => {
          // Ignore send errors: a trial that has ended meanwhile needs no word.
          child.send({ kind: 'stop' }, () => undefined);
        };
        if (stop.aborted) requestStop();
        stop.addEventListener('abort', requestStop);
        return () => {
          stop.removeEventListener('abort', requestStop);
          if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
        };
      }),
    dispose: () => undefined,
  };
}
