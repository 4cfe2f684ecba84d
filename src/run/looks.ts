import type { PlannedRun } from './imported-manifest.js';
import type { Trial } from './manifest.js';
import { isOver, raceOf } from './race.js';
import type { RunRace } from './race.js';
import type { RunTrial } from './read-trial.js';
import { followSequence } from './sequence.js';
import type { RunSequence } from './sequence.js';

/** What the results of a run say, as far as they go, of the trials that are still to be run. */
export interface Look {
  /** The trials that need not run. */
  readonly spared: ReadonlySet<number>;
  /** Trials that may run now or have run already, in the order to start them in; which others follow depends on results. */
  readonly open: readonly Trial[];
  /** Those of the open trials without whose results no other look can be taken. */
  readonly awaited: readonly Trial[];
  /** Whether no result can change anything more. */
  readonly over: boolean;
  /** Which of the two it is about: a race of points, or a run that is decided in sequence. */
  readonly of: { readonly race: RunRace } | { readonly sequence: RunSequence };
}

/** Asked as trials settle. @param trialOf by index; undefined: has not settled */
export type FollowLooks = (trialOf: (index: number) => LookedAtTrial | undefined) => Look;

type LookedAtTrial = Pick<RunTrial, 'state' | 'result'>;

/**
 * Follows a run whose trials depend on results. A look rests on these alone: a run that is killed and resumed
 * takes the same looks.
 * @returns undefined where all trials are run, whatever comes out
 */
export function followLooks(manifest: PlannedRun): FollowLooks | undefined {
  const sequence = followSequence(manifest);
  if (sequence !== undefined) {
    return (trialOf) => sequenceLook(sequence(trialOf), manifest.trials);
  }
  if (manifest.config.sweep?.method !== 'race') return undefined;
  return (trialOf) => raceLook(raceOf(manifest, trialOf)!);
}

/** Seed after seed until every comparison has stopped; trials run ahead with the next seeds. */
function sequenceLook(sequence: RunSequence, trials: readonly Trial[]): Look {
  const { decided, settled, spared } = sequence;
  const open = decided ? [] : trials.slice(settled);
  return { spared, open, awaited: open.slice(0, 1), over: decided, of: { sequence } };
}

/** A seed of all points that are left, then the next. Seeds that were added follow the race, at its survivors. */
function raceLook(race: RunRace): Look {
  const { survivors, round, plan, trials, spared } = race;
  const over = isOver(race);
  const last = over ? Infinity : round + 1;
  const seeds = (trials[0] ?? []).map((_, at) => at).slice(over ? plan.seeds : round, last);
  const open = seeds.flatMap((at) => survivors.flatMap((point) => trials[point]![at] ?? []));
  return { spared, open, awaited: over ? [] : open, over, of: { race } };
}
