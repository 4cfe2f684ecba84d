import type { RunState, TrialState } from './state.js';

/** A trial has no speed once it was silent for this many times its usual step and this many milliseconds. */
const silentSteps = 10;
const silentFor = 3000;

/** Steps a second over the last steps of a trial, or of all; undefined while there are too few to tell. */
export function stepsPerSecond({ stepTimes }: Pick<RunState, 'stepTimes'>): number | undefined {
  const first = stepTimes[0];
  const last = stepTimes.at(-1);
  if (first === undefined || last === undefined || last <= first) return undefined;
  return ((stepTimes.length - 1) * 1000) / (last - first);
}

/**
 * Steps a second of a trial, lately; undefined while unknown and when it has fallen silent.
 * @param now milliseconds since the Unix epoch
 */
export function trialSpeed(trial: TrialState, now: number): number | undefined {
  const speed = stepsPerSecond(trial);
  if (speed === undefined || trial.phase !== 'running') return speed;
  const silence = now - (trial.stepTimes.at(-1) ?? now);
  return silence > Math.max(silentFor, (silentSteps * 1000) / speed) ? undefined : speed;
}

/**
 * Milliseconds until all trials are settled at the present speed; undefined while unknown.
 * A trial that ended early has no steps left.
 * @param now milliseconds since the Unix epoch
 */
export function timeLeft(state: RunState, now: number): number | undefined {
  const speed = stepsPerSecond(state);
  const latest = state.stepTimes.at(-1);
  const planned = plannedSteps(state);
  if (speed === undefined || latest === undefined || planned === undefined) return undefined;
  const left = state.trials
    .filter(({ isSettled }) => !isSettled)
    .reduce((sum, { step, steps = planned }) => sum + steps - step, 0);
  return Math.max(0, (left / speed) * 1000 - Math.max(0, now - latest));
}

/** Planned steps of the newest trial; those that have not begun are assumed to have as many. */
export function plannedSteps({ trials, latestTrial }: RunState): number | undefined {
  return latestTrial === undefined ? undefined : trials[latestTrial]?.steps;
}
