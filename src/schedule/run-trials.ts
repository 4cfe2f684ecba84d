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
  throwError,
  timeout,
} from 'rxjs';
import type { Observable } from 'rxjs';
import { LockstepError, serializeError } from '../protocol/index.js';
import type { Trial } from '../run/manifest.js';
import type { Executor, TrialEvent } from './executors/executor.js';

/** An event of a run. */
export type RunEvent =
  | TrialEvent
  | { readonly kind: 'launch'; readonly trial: number; readonly seed: number }
  | { readonly kind: 'failure'; readonly trial: number; readonly error: LockstepError }
  | { readonly kind: 'settled'; readonly trial: number };

export interface RunTrialsOptions {
  readonly trials: readonly Trial[];
  /** Disposed of in the end. */
  readonly executor: Executor;
  /**
   * How often a trial that lost its process, engine or worker (`worker`) is launched again, from its newest
   * checkpoint. Other failures, such as a full disk, would only repeat themselves.
   */
  readonly retries: number;
  /** Milliseconds without an event after which a trial counts as lost; 0: never. */
  readonly stallTimeout: number;
  /** Once aborted, no further trial is launched; the executor passes the stop on to those that run. */
  readonly stop: AbortSignal;
}

/**
 * Runs trials in order, as many at a time as the executor has slots. A trial that fails gives a `failure` and
 * does not stop the others; one that is launched again gives a `notice`. Completes when all have settled;
 * unsubscribing ends those that run.
 */
export function runTrials(options: RunTrialsOptions): Observable<RunEvent> {
  const { trials, executor, stop } = options;
  return defer(() => {
    const free = Array.from({ length: executor.slots }, (_, slot) => slot);
    return from(trials).pipe(
      mergeMap((trial) => {
        // One after the other: RxJS recurses through sources that complete at once.
        if (stop.aborted) return scheduled(EMPTY, asapScheduler);
        // Never empty: at most `slots` trials run at once.
        const slot = free.shift()!;
        return runOne(trial, slot, options).pipe(finalize(() => free.push(slot)));
      }, executor.slots),
      finalize(() => {
        executor.dispose();
      }),
    );
  });
}

function runOne(trial: Trial, slot: number, options: RunTrialsOptions): Observable<RunEvent> {
  const { index, seed } = trial;
  return concat(
    of({ kind: 'launch' as const, trial: index, seed }),
    attempt(trial, slot, options, options.retries),
    of({ kind: 'settled' as const, trial: index }),
  );
}

function attempt(
  trial: Trial,
  slot: number,
  options: RunTrialsOptions,
  left: number,
): Observable<RunEvent> {
  const { executor, stop, stallTimeout } = options;
  const events = executor.launch(trial, slot, stop);
  const watched =
    stallTimeout === 0
      ? events
      : events.pipe(
          timeout({
            each: stallTimeout,
            with: () => throwError(() => stalled(trial.index, stallTimeout)),
          }),
        );
  return watched.pipe(
    map((event): RunEvent => event),
    catchError((cause: unknown) => {
      const error = asLockstepError(cause);
      if (error.code !== 'worker' || left === 0 || stop.aborted) {
        return of({ kind: 'failure' as const, trial: trial.index, error });
      }
      const text = `${error.message}; starting it again from its newest checkpoint`;
      return concat(
        of({ kind: 'notice' as const, trial: trial.index, text }),
        attempt(trial, slot, options, left - 1),
      );
    }),
  );
}

function stalled(trial: number, milliseconds: number): LockstepError {
  return new LockstepError(
    'worker',
    `trial ${trial}: expected a record within ${milliseconds / 1000} s, got none: its process was killed`,
    { hint: 'If a step takes that long here, allow more time with --stall-timeout.' },
  );
}

function asLockstepError(error: unknown): LockstepError {
  if (error instanceof LockstepError) return error;
  const { message } = serializeError(error);
  return new LockstepError('bug', message, { cause: error });
}
