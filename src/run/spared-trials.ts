import type { PlannedRun } from './imported-manifest.js';
import type { Trial } from './manifest.js';
import { followLooks } from './looks.js';
import { raceOf } from './race.js';
import { sequenceOf } from './sequence.js';
import type { RunTrial } from './read-trial.js';

const none: ReadonlySet<number> = new Set();

/**
 * The trials that need not run, by the results there are: those of points that a race has dropped, and those after the verdict of
 * a run that is decided in sequence.
 * @param trialOf by index
 */
export function sparedTrials(
  manifest: PlannedRun,
  trialOf: (index: number) => RunTrial | undefined,
): ReadonlySet<number> {
  return followLooks(manifest)?.(trialOf).spared ?? none;
}

/** The trials with those that need not run marked as dropped. */
export function withDropped(
  manifest: PlannedRun,
  trials: readonly RunTrial[],
): readonly RunTrial[] {
  const isIdle = ({ result, state }: RunTrial) => result === undefined && state !== 'failed';
  if (!trials.some(isIdle)) return trials;
  const spared = sparedTrials(manifest, (index) => trials[index]);
  return trials.map((trial) => {
    const isDropped = isIdle(trial) && spared.has(trial.trial.index);
    return isDropped ? { ...trial, state: 'dropped' } : trial;
  });
}

/**
 * The trials of a run that are still to be run, as far as is known now.
 * @param again run those that failed again: points that a race dropped for them are back
 */
export function openTrials(
  { manifest, trials }: { readonly manifest: PlannedRun; readonly trials: readonly RunTrial[] },
  again: boolean,
): Trial[] {
  const isDone = sequenceOf(manifest, (index) => trials[index])?.decided === true;
  const known = (index: number) => {
    const trial = trials[index];
    return again && trial?.state === 'failed' ? undefined : trial;
  };
  const spared = raceOf(manifest, known)?.spared ?? none;
  // A verdict that has been reached stands.
  if (isDone) return [];
  return trials
    .filter(({ result, state }) => result === undefined && (again || state !== 'failed'))
    .map(({ trial }) => trial)
    .filter(({ index }) => !spared.has(index));
}
