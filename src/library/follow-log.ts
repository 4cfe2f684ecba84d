import type { LogRecord } from '../log/records.js';
import { followRun } from '../live/follow/follow-run.js';
import { LogStream } from './log-stream.js';

export interface FollowLogOptions {
  /** Only the trial of this index. Default: all of the run's. */
  readonly trial?: number | undefined;
  /** Selects records. Default: all. */
  readonly where?: ((record: LogRecord) => boolean) | undefined;
  /** How many of the records that exist at the start to give, the last ones; from 0. Default: all. */
  readonly last?: number | undefined;
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a writer after which an unfinished run counts as abandoned. Default 5000. */
  readonly grace?: number | undefined;
}

/**
 * The records of a run as they are written, each once and those of a trial in order, through crashes
 * and resumes of their writers. Begins with the existing records; ends when every trial has completed or
 * diverged, when no process has worked on the run for `grace`, or when `signal` is aborted.
 * @param runFolder folder of a run that is finished, running or abandoned
 * @returns a stream; reading it fails with a LockstepError: `usage` where there is no run or no such trial,
 *   `data` where a whole line is not a record of this version
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
