import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { LogRecord } from '../../log/records.js';
import { LockstepError } from '../../protocol/index.js';
import type { Manifest } from '../../run/manifest.js';
import { isWorkedOn, readManifest } from '../../run/run-directory.js';
import { FollowedLooks } from './followed-looks.js';
import type { OnLook } from './followed-looks.js';
import { FollowedTrial } from './followed-trial.js';
import type { FollowedRecord, TrialStanding } from './followed-trial.js';
import { LogRounds } from './log-rounds.js';

export interface FollowOptions {
  /** Only this trial; absent: all of the manifest's. */
  readonly trial?: number | undefined;
  /** Only these of the manifest's trials; absent: all. */
  readonly only?: readonly number[];
  /** Selects records; absent: all. */
  readonly where?: (record: LogRecord) => boolean;
  /** How many of the records that exist at the start to give, the last ones; absent: all. */
  readonly last?: number | undefined;
  /** False: end after the existing records. Default: true. */
  readonly follow?: boolean;
  /** Ends the iteration, without an error. */
  readonly stop?: AbortSignal;
  /** False: look at the logs every `interval` instead of listening to the file system. Default: true. */
  readonly watch?: boolean;
  /** Milliseconds between two looks at a log where the file system reports no changes; default 40. */
  readonly interval?: number;
  /** Milliseconds without a writer after which an unfinished run counts as abandoned; default 5000. */
  readonly grace?: number;
  /** Told of the looks of a race, or of a run that is decided in sequence. */
  readonly onLook?: OnLook | undefined;
}

/**
 * Yields the records of a run as they are written, each once and those of a trial in order, even when
 * their writer dies and is resumed. Ends when every trial is completed, diverged or dropped, or when no process
 * has worked on the run for `grace`.
 * @returns how each trial stands
 * @throws LockstepError `usage` when the folder holds no run or no such trial, `data` when a whole line is not a record
 */
export async function* followRun(
  runFolder: string,
  options: FollowOptions = {},
): AsyncGenerator<FollowedRecord, readonly TrialStanding[]> {
  const { follow = true, watch = true, interval = 40, grace = 5000, where = () => true } = options;
  const { stop, last } = options;
  const manifest = await readManifest(runFolder);
  const { only } = options;
  const all = trialsOf(runFolder, manifest, options.trial);
  const trials = only === undefined ? all : all.filter(({ index }) => only.includes(index));
  const looks = new FollowedLooks(runFolder, manifest, options.onLook ?? (() => undefined));
  const indices = trials.map(({ index }) => index);
  const isStopped = () => stop?.aborted === true;
  const rounds = new LogRounds(runFolder, { watch: follow && watch, interval, longest: grace });
  const backlog = last === undefined ? undefined : new Latest<FollowedRecord>(last);
  let isFirst = true;
  let lastSign = performance.now();

  try {
    while (!isStopped()) {
      for (const trial of trials) {
        if (!rounds.isDue(trial)) continue;
        let hasGrown = false;
        for (const records of trial.read()) {
          if (hasGrown) await letOthersRun();
          hasGrown = true;
          lastSign = performance.now();
          for (const followed of records) {
            if (isStopped()) break;
            if (!where(followed.record)) continue;
            if (isFirst && backlog) backlog.add(followed);
            else yield followed;
          }
          if (isStopped()) break;
        }
        rounds.wasRead(trial, hasGrown);
      }
      if (isFirst && backlog) yield* backlog.take();
      isFirst = false;
      await looks.look();
      if (!follow || trials.every((one) => one.isFinished || looks.spares(one.index))) break;
      if (performance.now() - lastSign > grace) {
        if (!(await isWorkedOn(runFolder, indices))) break;
        lastSign = performance.now();
      }
      await rounds.next(stop);
    }
  } finally {
    rounds.close();
  }
  return trials.map(({ standing, index }) =>
    typeof standing === 'string' && looks.spares(index) ? 'dropped' : standing,
  );
}

function trialsOf(
  runFolder: string,
  manifest: Manifest,
  wanted: number | undefined,
): FollowedTrial[] {
  const planned = manifest.trials.map(({ index }) => index);
  if (wanted === undefined) return planned.map((index) => new FollowedTrial(runFolder, index));
  if (planned.includes(wanted)) return [new FollowedTrial(runFolder, wanted)];
  throw new LockstepError(
    'usage',
    `${runFolder}: expected a trial from 0 to ${planned.length - 1}, got ${wanted}`,
    { hint: '`lockstep show` lists the points of a run and their trials.' },
  );
}

/** Keeps the last items that were added, at most a given number. */
class Latest<Item> {
  readonly #most: number;
  #items: Item[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  add(item: Item): void {
    // Cutting on every addition would take quadratic time.
    if (this.#items.push(item) > 2 * this.#most) this.#cut();
  }

  take(): readonly Item[] {
    this.#cut();
    return this.#items.splice(0);
  }

  #cut(): void {
    this.#items.splice(0, Math.max(0, this.#items.length - this.#most));
  }
}
