import type { Manifest, Trial } from '../run/manifest.js';
import { readTrial } from '../run/read-trial.js';
import type { RunTrial } from '../run/read-trial.js';
import { followSequence } from '../run/sequence.js';
import type { RunSequence } from '../run/sequence.js';
import type { Course } from './course.js';

export interface SequenceCourseOptions {
  readonly manifest: Manifest;
  readonly runFolder: string;
  /** Those of the manifest's trials that may run now. */
  readonly trials: readonly Trial[];
  /** Told how the run stands at the start, and whenever a trial has settled. */
  readonly onLook: (sequence: RunSequence) => void;
}

/**
 * The course of a run that is decided in sequence: seed after seed, until every comparison has stopped. Free slots run ahead with the
 * next seeds, whose results a look takes in only once all seeds before have settled. If a trial was lost before it ended, no look can
 * follow: the course ends, and a resumed run goes on.
 * @returns undefined for a run without a plan of looks
 */
export async function sequenceCourse(options: SequenceCourseOptions): Promise<Course | undefined> {
  const { manifest, runFolder, onLook } = options;
  const follow = followSequence(manifest);
  if (follow === undefined) return undefined;
  const known = new Map<number, RunTrial>();
  const due = [...options.trials];
  const isDue = new Set(due.map(({ index }) => index));
  for (const trial of manifest.trials) {
    // What is run again says nothing until it has ended again.
    if (!isDue.has(trial.index)) known.set(trial.index, await readTrial(runFolder, trial));
  }
  const look = () => {
    const seen = follow((index) => known.get(index));
    onLook(seen);
    return seen;
  };
  let isOver = look().decided;
  return {
    next: () => (isOver ? undefined : due.shift()),
    async settled(trial) {
      const ended = await readTrial(runFolder, trial);
      known.set(trial.index, ended);
      const isLost = ended.result === undefined && ended.state !== 'failed';
      isOver = look().decided || isLost || isOver;
    },
  };
}
