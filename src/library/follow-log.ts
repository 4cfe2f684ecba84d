import type { LogRecord } from '../log/records.js';
import { followRun } from '../live/follow/follow-run.js';
import { LogStream } from './log-stream.js';

export interface FollowLogOptions {
  /** Only the trial of this index. Default: all of the run's. */
  readonly trial?: number | undefined;
  /** Only records that this says yes to. Default: all. */
  readonly where?: ((record: LogRecord) => boolean) | undefined;
  /** Of the records that are there at the start, only the last so many; from 0. Default: all. */
  readonly last?: number | undefined;
  /** Ends the following, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a writer after which a run that is not finished counts as left. Default 5000. */
  readonly grace?: number | undefined;
}

/**
 * The records of a run as they are written, each once and those of a trial in order, through crashes
 * and resumes of their writers. Begins with what is there already; ends when every trial has
 * completed or diverged, when no process has worked on the run for `grace`, or when told to.
 * @param runFolder a run's folder, finished, running, or left
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
