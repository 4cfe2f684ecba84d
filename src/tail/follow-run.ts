import { setImmediate as letOthersRun, setTimeout as sleep } from 'node:timers/promises';
import { isLocked } from '../files/lock.js';
import { parseRecord } from '../log/read-log.js';
import type { LogRecord, Outcome } from '../log/records.js';
import { LockstepError } from '../protocol/index.js';
import { readManifest, trialFiles } from '../run/run-directory.js';
import { LogCursor } from './log-cursor.js';
import { LogWatch } from './log-watch.js';
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
  /** False: look at the logs every `interval`, without listening to the file system. Default: true. */
  readonly watch?: boolean;
  /** Milliseconds between two looks at a log where the file system does not tell; default 40. */
  readonly interval?: number;
  /** Milliseconds without a writer after which a run that is not finished counts as left; default 5000. */
  readonly grace?: number;
}

interface FollowedTrial {
  readonly index: number;
  readonly log: string;
  readonly lock: string;
  readonly cursor: LogCursor;
  readonly isNew: (record: LogRecord) => boolean;
  outcome: Outcome | undefined;
}

/** Looks at a log that has ended are this many times rarer. */
const endedEvery = 10;
/** Milliseconds between looks that only make sure that the file system has told of everything. */
const doubtInterval = 1000;
/** So many looks that find what was not told of show that it does not. */
const doubts = 2;
/** Milliseconds in which changes of many trials gather: bounds the work where much is logged. */
const gather = 5;

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
      return { index, log, lock, cursor, isNew: createSeenOnce(), outcome: undefined };
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
  const watch = new LogWatch(runFolder);
  if (!follow || options.watch === false) watch.close();
  let untold = 0;
  let lastAlive = performance.now();
  let lastLook = 0;

  try {
    for (let turn = 0; !stopped(); turn += 1) {
      const told = watch.take();
      const looks = turn === 0 || !watch.works || performance.now() - lastLook >= doubtInterval;
      if (looks) lastLook = performance.now();
      for (const trial of trials) {
        const isTold = told.has(trial.index);
        const isDue =
          looks && (watch.works || turn % endedEvery === 0 || trial.outcome === undefined);
        if (!isTold && !isDue) continue;
        if (!isFinished(trial)) watch.listen(trial.index);
        let found = false;
        for (const lines of trial.cursor.read()) {
          if (found) await letOthersRun();
          found = true;
          lastAlive = performance.now();
          for (const line of lines) {
            if (stopped()) break;
            const record = newRecord(trial, line);
            if (record === undefined || !where(record)) continue;
            if (turn > 0 || last === undefined) yield { record, line };
            else if (held.push({ record, line }) > 2 * last) held.splice(0, held.length - last);
          }
          if (stopped()) break;
        }
        if (isFinished(trial)) watch.unlisten(trial.index);
        if (isTold) untold = 0;
        else if (found && turn > 0 && watch.works && (untold += 1) >= doubts) watch.close();
      }
      if (last !== undefined && last > 0) yield* held.slice(-last);
      held.length = 0;
      if (!follow || trials.every(isFinished)) break;
      if (performance.now() - lastAlive > grace) {
        const locks = await Promise.all(trials.map(({ lock }) => isLocked(lock)));
        if (!locks.includes(true)) break;
        lastAlive = performance.now();
      }
      await sleep(watch.works ? gather : interval, undefined, stop && { signal: stop }).catch(
        () => undefined,
      );
      if (watch.works) await watch.wait(Math.min(doubtInterval, grace), stop);
    }
  } finally {
    watch.close();
  }
  return trials.map(({ outcome }) => outcome);
}

/** @returns undefined for one that was there before */
function newRecord(trial: FollowedTrial, line: string): LogRecord | undefined {
  const record = parseRecord(line, trial.log);
  // After an end only a resume goes on: until then a log read again leaves the trial ended.
  trial.outcome = record.event === 'trial.end' ? record.outcome : undefined;
  return trial.isNew(record) ? record : undefined;
}

/** An interrupted or failed trial may be resumed. */
function isFinished({ outcome }: FollowedTrial): boolean {
  return outcome === 'completed' || outcome === 'diverged';
}
