import type { Manifest, Trial } from '../run/manifest.js';
import type { FollowLooks, Look } from '../run/looks.js';
import { readTrial } from '../run/read-trial.js';
import type { RunTrial } from '../run/read-trial.js';
import type { Course } from './course.js';

export interface LookCourseOptions {
  readonly manifest: Manifest;
  readonly runFolder: string;
  /** Those of the manifest's trials that may run now. */
  readonly trials: readonly Trial[];
  readonly follow: FollowLooks;
  /** Told how the run stands at the start, and whenever a trial has settled; `isNew` is false at the start. */
  readonly onLook: (look: Look, isNew: boolean) => void;
}

/**
 * The course of a run whose trials depend on results: a look whenever a trial has settled, which says what may run next. Where
 * nothing may, free slots wait for those that run. If a trial was lost before it ended, no look can follow: what it would have
 * waited for is still run, then the course ends, and a resumed run goes on.
 */
export async function lookCourse(options: LookCourseOptions): Promise<Course> {
  const { manifest, runFolder, follow, onLook } = options;
  const known = new Map<number, RunTrial>();
  const due = new Set(options.trials.map(({ index }) => index));
  const running = new Set<number>();
  for (const trial of manifest.trials) {
    // What is run again says nothing until it has ended again.
    if (!due.has(trial.index)) known.set(trial.index, await readTrial(runFolder, trial));
  }
  let isLost = false;
  let look = take(false);

  function take(isNew: boolean): Look {
    const taken = follow((index) => known.get(index));
    onLook(taken, isNew);
    return taken;
  }

  return {
    next() {
      const next = (isLost ? look.awaited : look.open).find(({ index }) => due.has(index));
      if (next === undefined) return look.over || running.size === 0 ? undefined : 'wait';
      due.delete(next.index);
      running.add(next.index);
      return next;
    },
    async settled(trial) {
      const ended = await readTrial(runFolder, trial);
      known.set(trial.index, ended);
      running.delete(trial.index);
      isLost ||= ended.result === undefined && ended.state !== 'failed';
      look = take(true);
    },
  };
}
