import { fileURLToPath } from 'node:url';
import type { Observable } from 'rxjs';
import { LockstepError } from '../../protocol/index.js';
import type { Trial } from '../../run/manifest.js';
import type { TrialMessage } from '../../trial/messages.js';

/** An event of a running trial. */
export type TrialEvent = { readonly trial: number } & Exclude<TrialMessage, { kind: 'error' }>;

/** Something that runs trials: processes here, or an engine elsewhere. */
export interface Executor {
  /** How many trials it runs at the same time; at least 1. */
  readonly slots: number;
  /**
   * Runs one trial of the manifest when subscribed to. Completes when the trial has ended, whatever its outcome;
   * errors with the trial's own `LockstepError`, or with `worker` when it was lost. Unsubscribing ends it at once.
   * @param slot from 0 to `slots - 1`, which no other trial has meanwhile
   * @param stop aborted: the trial finishes its step, writes a checkpoint and ends
   */
  launch(trial: Trial, slot: number, stop: AbortSignal): Observable<TrialEvent>;
  /** Releases what it holds; no trial is launched any more. */
  dispose(): void;
}

/** The options of every executor. */
export interface ExecutorOptions {
  /** Absolute. */
  readonly runFolder: string;
  readonly slots: number;
  /** Variables that native code reads when the process of a slot's trial starts; undefined: it is not to have this one. */
  readonly environment: (slot: number) => Readonly<Record<string, string | undefined>>;
  /** Further arguments of the command `trial`. Default: none. */
  readonly trialArguments?: readonly string[];
}

export type CreateExecutor = (options: ExecutorOptions) => Executor;

/** The program that runs one trial: `node <main> trial <runFolder> <index>`. */
export const mainFile = fileURLToPath(new URL('../../../bin/lockstep.js', import.meta.url));

/** How many characters of a dead process's last output an error quotes. */
const quotedOutput = 2000;

/** The end of what a process writes, for an error to quote. */
export class LastWords {
  #text = '';

  add(text: string): void {
    this.#text = (this.#text + text).slice(-quotedOutput);
  }

  get text(): string {
    return this.#text.trim();
  }
}

/** The error of a trial whose process died without saying why. */
export function processDied(trial: number, how: string, words: string): LockstepError {
  return new LockstepError(
    'worker',
    `trial ${trial}: its process died (${how})${words === '' ? '' : `; its last output:\n${words}`}`,
    { hint: 'Its log and checkpoints are intact: continue from them with `lockstep resume`.' },
  );
}

/** A way to run trials that a flag chooses. */
export interface ExecutorKind {
  /** The flag's help text. */
  readonly describe: string;
  /** @throws LockstepError `usage` for a value that the flag does not take */
  readonly parse: (text: string, flag: string) => CreateExecutor;
}
