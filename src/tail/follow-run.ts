import { setTimeout as sleep } from 'node:timers/promises';
import { isLocked } from '../files/lock.js';
import { parseRecord } from '../log/read-log.js';
import type { LogRecord, Outcome } from '../log/records.js';
import { LockstepError } from '../protocol/index.js';
import { readManifest, trialFiles } from '../run/run-directory.js';
import { LogCursor } from './log-cursor.js';
import { createSeenOnce } from './seen-once.js';

/** A record of a trial's log, and the very line it was written as, without its newline. */
export interface FollowedRecord {
  readonly record: LogRecord;
  readonly line: string;
}

export interface FollowOptions {
  /** Only this trial; absent: all of the manifest's. */
  readonly trial?: number | undefined;
  /** Only records that this says yes to; absent: all. */
  readonly where?: (record: LogRecord) => boolean;
  /** Of the records that are there at the start, only the last so many; absent: all. */
  readonly last?: number | undefined;
  /** False: end at what is there now. Default: true. */
  readonly follow?: boolean;
  /** Ends the following, without an error. */
  readonly stop?: AbortSignal;
  /** Milliseconds between two looks at a log that may grow; default 40. */
  readonly interval?: number;
  /** Milliseconds without a writer after which a run that is not finished counts as left; default 5000. */
  readonly grace?: number;
}

interface FollowedTrial {
  readonly log: string;
  readonly lock: string;
  readonly cursor: LogCursor;
  readonly isNew: (record: LogRecord) => boolean;
  outcome: Outcome | undefined;
}

/** Looks at a log that has ended are this many times rarer. */
const endedEvery = 10;

/**
 * The records of a run, each once and those of a trial in order, as they are written: through the
 * death and resumption of their writer too. Ends when every trial is completed or diverged, or when
 * no process has worked on the run for `grace`.
 * @returns how each trial ended; undefined for one that has not
 * @throws LockstepError `usage` when the folder holds no run or no such trial, `data` when a whole line is no record
 */
export async function* followRun(
  runFolder: string,
  options: FollowOptions = {},
): AsyncGenerator<FollowedRecord, readonly (Outcome | undefined)[]> {
  const { follow = true, stop, interval = 40, grace = 5000, where = () => true, last } = options;
  const manifest = await readManifest(runFolder);
  const trials = manifest.trials
    .filter(({ index }) => options.trial === undefined || index === options.trial)
    .map(({ index }): FollowedTrial => {
      const { log, lock } = trialFiles(runFolder, index);
      const cursor = new LogCursor(log);
      return { log, lock, cursor, isNew: createSeenOnce(), outcome: undefined };
    });
  if (trials.length === 0 && options.trial !== undefined) {
    throw new LockstepError(
      'usage',
      `${runFolder}: expected a trial from 0 to ${manifest.trials.length - 1}, got ${options.trial}`,
      { hint: '`lockstep show` lists the points of a run and their trials.' },
    );
  }
  const stopped = () => stop?.aborted === true;
  const held: FollowedRecord[] = [];
  let lastAlive = performance.now();

  for (let turn = 0; !stopped(); turn += 1) {
    for (const trial of trials) {
      if (turn % endedEvery !== 0 && trial.outcome !== undefined) continue;
      for await (const followed of newRecords(trial)) {
        if (stopped()) break;
        lastAlive = performance.now();
        if (!where(followed.record)) continue;
        if (turn > 0 || last === undefined) yield followed;
        else if (held.push(followed) > 2 * last) held.splice(0, held.length - last);
      }
    }
    if (last !== undefined && last > 0) yield* held.slice(-last);
    held.length = 0;
    if (!follow || trials.every(isFinished)) break;
    if (performance.now() - lastAlive > grace) {
      const locks = await Promise.all(trials.map(({ lock }) => isLocked(lock)));
      if (!locks.includes(true)) break;
      lastAlive = performance.now();
    }
    await sleep(interval, undefined, stop && { signal: stop }).catch(() => undefined);
  }
  return trials.map(({ outcome }) => outcome);
}

async function* newRecords(trial: FollowedTrial): AsyncGenerator<FollowedRecord> {
  for await (const line of trial.cursor.read()) {
    const record = parseRecord(line, trial.log);
    // After an end only a resume goes on: until then a log read again leaves the trial ended.
    trial.outcome = record.event === 'trial.end' ? record.outcome : undefined;
    if (trial.isNew(record)) yield { record, line };
  }
}

/** An interrupted or failed trial may be resumed. */
function isFinished({ outcome }: FollowedTrial): boolean {
  return outcome === 'completed' || outcome === 'diverged';
}
