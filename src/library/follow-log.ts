import type { LogRecord } from '../log/records.js';
import { followRun } from '../live/follow/follow-run.js';
import { LogStream } from './log-stream.js';

export interface FollowLogOptions {
  /** Only the trial of this index. Default: all of the run's. */
  readonly trial?: number | undefined;
  /** Only records for which this returns true. Default: all. */
  readonly where?: ((record: LogRecord) => boolean) | undefined;
  /** Of the existing records, only the last N; from 0. Default: all. */
  readonly last?: number | undefined;
  /** Stops following when aborted, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a writer after which an unfinished run counts as abandoned. Default: 5000. */
  readonly grace?: number | undefined;
}

/**
 * The records of a run as they are written: each once, those of a trial in order, through crashes and
 * resumes of their writers. Starts with the existing records. Ends when every trial has completed or
 * diverged, when no process has worked on the run for `grace`, or when `signal` is aborted.
 * @param runFolder a run's folder, finished, running or abandoned
 * @returns following ends with a LockstepError `usage` where there is no run or no such trial, `data`
 *   when a whole line is no record
 */
export function followLog(runFolder: string, options: FollowLogOptions = {}): LogStream {
  return new LogStream((signal) => follow(runFolder, options, signal));
}

async function* follow(
  runFolder: string,
  { signal, where, grace, ...options }: FollowLogOptions,
  ended: AbortSignal,
): AsyncGenerator<LogRecord> {
  const followed = followRun(runFolder, {
    ...options,
    ...(where && { where }),
    ...(grace !== undefined && { grace }),
    stop: signal ? AbortSignal.any([signal, ended]) : ended,
  });
  for await (const { record } of followed) yield record;
}
