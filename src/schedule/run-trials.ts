import {
  asapScheduler,
  catchError,
  concat,
  defer,
  EMPTY,
  finalize,
  from,
  map,
  mergeMap,
  of,
  scheduled,
} from 'rxjs';
import type { Observable } from 'rxjs';
import { LockstepError, serializeError } from '../protocol/index.js';
import type { Trial } from '../run/manifest.js';
import type { TrialEvent } from './executors/process.js';

/** What the scheduler tells of a run. */
export type RunEvent =
  | TrialEvent
  | { readonly kind: 'launch'; readonly trial: number; readonly seed: number }
  | { readonly kind: 'failure'; readonly trial: number; readonly error: LockstepError }
  | { readonly kind: 'settled'; readonly trial: number };

export interface RunTrialsOptions {
  readonly trials: readonly Trial[];
  /** How many trials run at the same time; at least 1. */
  readonly jobs: number;
  /** @param place from 0 to `jobs - 1`, which no other trial has while this one runs */
  readonly launch: (trial: Trial, place: number) => Observable<TrialEvent>;
  /**
   * How many more times a trial is launched that lost its process, engine or worker (`worker`); it goes
   * on from its newest checkpoint. Other failures, of a full disk for instance, would only repeat themselves.
   */
  readonly retries: number;
  /** Once aborted no further trial is launched; those running are told by their launcher. */
  readonly stop: AbortSignal;
}

/**
 * Runs trials, at most `jobs` at a time, in order. A trial that fails is told as `failure` and does
 * not stop the others; one that is launched again is told as `notice`. Completes when all have settled;
 * unsubscribing kills those that run.
 */
export function runTrials(options: RunTrialsOptions): Observable<RunEvent> {
  const { trials, jobs, stop } = options;
  return defer(() => {
    const free = Array.from({ length: jobs }, (_, place) => place);
    return from(trials).pipe(
      mergeMap((trial) => {
        // One after the other: RxJS goes through what completes at once by recursion.
        if (stop.aborted) return scheduled(EMPTY, asapScheduler);
        // There is one: no more than `jobs` run.
        const place = free.shift()!;
        return runOne(trial, place, options).pipe(finalize(() => free.push(place)));
      }, jobs),
    );
  });
}

function runOne(trial: Trial, place: number, options: RunTrialsOptions): Observable<RunEvent> {
  const { index, seed } = trial;
  return concat(
    of({ kind: 'launch' as const, trial: index, seed }),
    attempt(trial, place, options, options.retries),
    of({ kind: 'settled' as const, trial: index }),
  );
}

function attempt(
  trial: Trial,
  place: number,
  options: RunTrialsOptions,
  left: number,
): Observable<RunEvent> {
  return options.launch(trial, place).pipe(
    map((event): RunEvent => event),
    catchError((cause: unknown) => {
      const error = asLockstepError(cause);
      if (error.code !== 'worker' || left === 0 || options.stop.aborted) {
        return of({ kind: 'failure' as const, trial: trial.index, error });
      }
      const text = `${error.message}; starting it again from its newest checkpoint`;
      return concat(
        of({ kind: 'notice' as const, trial: trial.index, text }),
        attempt(trial, place, options, left - 1),
      );
    }),
  );
}

function asLockstepError(error: unknown): LockstepError {
  if (error instanceof LockstepError) return error;
  const { message } = serializeError(error);
  return new LockstepError('bug', message, { cause: error });
}
