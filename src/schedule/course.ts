import type { Trial } from '../run/manifest.js';

/**
 * Which trial is next, which may depend on results. A course reads them from disk, and nowhere else, so that a resumed run
 * takes the same course as one that was never interrupted.
 */
export interface Course {
  /**
   * Asked whenever a trial could start.
   * @returns the trial to launch; `wait`: ask again once one of those that run has settled; undefined: none will follow
   */
  next(): Trial | 'wait' | undefined;
  /**
   * Told of every launched trial when nothing works on it any more, before anybody asks for the next. It has no result
   * where it failed or was stopped.
   */
  settled(trial: Trial): Promise<void> | undefined;
}

/** The course of a run whose trials are known beforehand: all, in order. */
export function fixedCourse(trials: readonly Trial[]): Course {
  const left = trials.values();
  return {
    next: () => left.next().value,
    settled: () => undefined,
  };
}
