import {
  catchError,
  concat,
  defer,
  EMPTY,
  finalize,
  from,
  ignoreElements,
  map,
  merge,
  of,
  repeat,
  Subject,
  take,
  throwError,
  timeout,
} from 'rxjs';
import type { Observable } from 'rxjs';
import { LockstepError, serializeError } from '../protocol/index.js';
import type { Trial } from '../run/manifest.js';
import type { Course } from './course.js';
import type { Executor, TrialEvent } from './executors/executor.js';

/** An event of a run. */
export type RunEvent =
  | TrialEvent
  | { readonly kind: 'launch'; readonly trial: number; readonly seed: number }
  | { readonly kind: 'failure'; readonly trial: number; readonly error: LockstepError }
  | { readonly kind: 'settled'; readonly trial: number };

export interface RunTrialsOptions {
  readonly course: Course;
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
 * Runs the trials of a course, as many at a time as the executor has slots. A trial that fails gives a `failure`
 * and does not stop the others; one that is launched again gives a `notice`. Completes when all have settled;
 * unsubscribing ends those that run.
 */
export function runTrials(options: RunTrialsOptions): Observable<RunEvent> {
  const { executor } = options;
  return defer(() => {
    const state: Occupancy = { running: 0, settled: new Subject() };
    const slots = Array.from({ length: executor.slots }, (_, slot) => occupy(slot, state, options));
    return merge(...slots).pipe(
      finalize(() => {
        executor.dispose();
      }),
    );
  });
}

/** What the slots of an executor know of each other. */
interface Occupancy {
  /** Trials that have been launched and have not settled. */
  running: number;
  /** Emits when one of them has. */
  readonly settled: Subject<void>;
}

/** Runs one trial after the other, until the course has none left. */
function occupy(slot: number, state: Occupancy, options: RunTrialsOptions): Observable<RunEvent> {
  const { course, stop } = options;
  let isOver = false;
  return defer(() => {
    const next = stop.aborted ? undefined : course.next();
    if (next === 'wait') {
      if (state.running === 0) return throwError(() => waitsForever());
      return state.settled.pipe(take(1), ignoreElements());
    }
    isOver = next === undefined;
    if (next === undefined) return EMPTY;
    state.running += 1;
    return concat(
      runOne(next, slot, options),
      defer(() => settle(next, course)),
      defer(() => {
        state.running -= 1;
        state.settled.next();
        return EMPTY;
      }),
    );
  }).pipe(repeat({ delay: () => (isOver ? EMPTY : of(undefined)) }));
}

function settle(trial: Trial, course: Course): Observable<never> {
  const reading = course.settled(trial);
  return reading === undefined ? EMPTY : from(reading).pipe(ignoreElements());
}

function waitsForever(): LockstepError {
  return new LockstepError('bug', 'expected a trial to launch while none runs, got a wait');
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
