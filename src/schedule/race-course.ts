import type { Manifest, Trial } from '../run/manifest.js';
import { isOver, raceOf } from '../run/race.js';
import type { RunRace } from '../run/race.js';
import { readTrial } from '../run/read-trial.js';
import type { RunTrial } from '../run/read-trial.js';
import type { RaceDrop } from '../statistics/race.js';
import type { Course } from './course.js';

export interface RaceCourseOptions {
  readonly manifest: Manifest;
  readonly runFolder: string;
  /** Those of the manifest's trials that may run now. */
  readonly trials: readonly Trial[];
  /** Told of every drop, in order; `isNew` is false for those that earlier results tell. */
  readonly onDrop: (drop: RaceDrop, race: RunRace, isNew: boolean) => void;
}

/**
 * The course of a race: a seed of all points that are left, then a look at them, then the next seed. While
 * the last trials of a seed run, free slots wait. Seeds that were added to the run follow the race, at the
 * points that survived it. If a trial was lost before it ended, the race cannot go on: the course ends.
 */
export async function raceCourse(options: RaceCourseOptions): Promise<Course> {
  const { manifest, runFolder, onDrop } = options;
  const known = new Map<number, RunTrial>();
  const due = new Map(options.trials.map((trial) => [trial.index, trial]));
  const running = new Set<number>();
  for (const trial of manifest.trials) {
    // What is run again says nothing until it has ended again.
    if (!due.has(trial.index)) known.set(trial.index, await readTrial(runFolder, trial));
  }
  let told = 0;
  let race = look(false);

  function look(isNew: boolean): RunRace {
    const seen = raceOf(manifest, (index) => known.get(index))!;
    for (const drop of seen.drops.slice(told)) onDrop(drop, seen, isNew);
    told = seen.drops.length;
    return seen;
  }

  return {
    next() {
      const { survivors, round, plan, trials } = race;
      const added = (trials[0]?.length ?? 0) - plan.seeds;
      const rounds = isOver(race)
        ? Array.from({ length: added }, (_, at) => plan.seeds + at)
        : [round];
      const next = rounds
        .flatMap((at) => survivors.flatMap((point) => trials[point]![at] ?? []))
        .find(({ index }) => due.has(index));
      if (next === undefined) return running.size > 0 ? 'wait' : undefined;
      due.delete(next.index);
      running.add(next.index);
      return next;
    },
    async settled(trial) {
      known.set(trial.index, await readTrial(runFolder, trial));
      running.delete(trial.index);
      race = look(true);
    },
  };
}
