import { spawn } from 'node:child_process';
import { Observable } from 'rxjs';
import { FollowedTrial } from '../../live/follow/followed-trial.js';
import { exitCodes, LockstepError } from '../../protocol/index.js';
import type { ErrorCode } from '../../protocol/index.js';
import { LastWords, mainFile, processDied } from './executor.js';
import type {
  CreateExecutor,
  Executor,
  ExecutorKind,
  ExecutorOptions,
  TrialEvent,
} from './executor.js';

/** Milliseconds between two looks at a trial's log. */
const lookPeriod = 100;

/** Failures that an exit code alone tells apart; 1 and 5 may come from the command as well. */
const toldByCode: readonly ErrorCode[] = ['usage', 'data', 'verification'];

/**
 * Runs trials under a command of the user's, such as `nice -n 10`, `numactl -N 0` or `srun`: it is given the words
 * `node main.js trial <runFolder> <index>`, must run them where the run's folder has the same path, and must pass on
 * SIGTERM and the exit code. The trial's progress is read from its log.
 */
export const commandExecutor: ExecutorKind = {
  describe: "Start each trial's process with this command in front, for instance 'nice -n 10'",
  parse(text, flag): CreateExecutor {
    const words = splitWords(text, flag);
    return (options) => launchUnder(words, options);
  },
};

function launchUnder(
  [program = '', ...before]: readonly string[],
  { runFolder, slots, environment, trialArguments = [] }: ExecutorOptions,
): Executor {
  return {
    slots,
    launch: ({ index }, slot, stop) =>
      new Observable<TrialEvent>((subscriber) => {
        const log = new FollowedTrial(runFolder, index);
        // Records of earlier processes are known.
        for (const records of log.read()) Array.from(records);
        const child = spawn(
          program,
          [
            ...before,
            ...[process.execPath, mainFile, 'trial', runFolder, String(index), ...trialArguments],
          ],
          {
            env: { ...process.env, ...environment(slot) },
            stdio: ['ignore', 'ignore', 'pipe'],
            // A terminal's Ctrl-C must not reach it: only `stop` does.
            detached: true,
          },
        );
        const words = new LastWords();
        child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
          words.add(chunk);
        });
        const readLog = () => {
          try {
            for (const records of log.read()) {
              for (const { record } of records) {
                subscriber.next({ kind: 'record', trial: index, record });
              }
            }
          } catch (error) {
            subscriber.error(error);
          }
        };
        const looking = setInterval(readLog, lookPeriod);
        child.once('error', (cause) => {
          subscriber.error(
            new LockstepError('usage', `--launcher: cannot start ${program}: ${cause.message}`, {
              cause,
              hint: 'Give a program that is installed here, with its arguments.',
            }),
          );
        });
        child.once('close', (code, signal) => {
          readLog();
          const end = log.standing;
          const how = code === null ? `killed by ${signal ?? '?'}` : `exit code ${code}`;
          const known = toldByCode.find((error) => exitCodes[error] === code);
          if (typeof end === 'object' && end.outcome !== 'failed') subscriber.complete();
          else if (typeof end === 'object') {
            subscriber.error(
              new LockstepError(end.code ?? 'worker', end.reason ?? `trial ${index} failed`),
            );
          } else if (known !== undefined) {
            subscriber.error(new LockstepError(known, `trial ${index}: ${words.text}`));
          } else subscriber.error(processDied(index, how, words.text));
        });
        const requestStop = () => {
          child.kill('SIGTERM');
        };
        if (stop.aborted) requestStop();
        stop.addEventListener('abort', requestStop);
        return () => {
          clearInterval(looking);
          stop.removeEventListener('abort', requestStop);
          if (child.exitCode === null && child.signalCode === null) killGroup(child.pid);
        };
      }),
    dispose: () => undefined,
  };
}

/** Ends a command with all that it started. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * The words of a command as a shell splits them: spaces separate, quotes and backslashes keep together.
 * @throws LockstepError `usage` for what only a shell could do
 */
export function splitWords(text: string, flag: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  const refuse = (what: string) =>
    new LockstepError('usage', `${flag}: expected a command and its arguments, got ${what}`, {
      hint: "No shell runs it: quote such characters, or give sh -c '…' as the command.",
    });
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (quote === undefined && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === undefined && /["']/.test(character)) {
      quote = character;
      word ??= '';
    } else if (character === quote) quote = undefined;
    else if (character === '\\' && quote !== "'") {
      const next = text[(at += 1)];
      if (next === undefined) throw refuse('a backslash at its end');
      // Between double quotes a backslash is itself, but before what it must escape.
      word = (word ?? '') + (quote === '"' && !/["\\$`]/.test(next) ? `\\${next}` : next);
    } else if (quote === undefined && /[|&;<>()$`*?[\]{}#~!]/.test(character)) {
      throw refuse(`${character} in ${text}`);
    } else word = (word ?? '') + character;
  }
  if (quote !== undefined) throw refuse(`a quote that does not end: ${text}`);
  if (word !== undefined) words.push(word);
  if (words[0] === undefined || words[0] === '') throw refuse('none');
  return words;
}
