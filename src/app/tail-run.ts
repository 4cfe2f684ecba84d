import { constants, setPriority } from 'node:os';
import { followRun } from '../live/follow/follow-run.js';
import type { FollowOptions } from '../live/follow/follow-run.js';
import type { OnLook } from '../live/follow/followed-looks.js';
import type { FollowedRecord, TrialStanding } from '../live/follow/followed-trial.js';
import type { ErrorCode } from '../protocol/index.js';

/** Where the records of a followed run are shown. */
export interface RecordView {
  /** Takes in the start of a trial, shown or not: it says how the trial's other records read. */
  remember(record: FollowedRecord['record']): void;
  /** @returns what to wait for before more can be shown, if anything */
  show(followed: FollowedRecord): Promise<void> | undefined;
  /** Told of the looks of a race, or of a run that is decided in sequence. */
  readonly look: OnLook;
}

/**
 * Shows the selected records of a run as they are written, until it is over, abandoned or stopped.
 * @returns how each trial stands
 * @throws LockstepError as {@link followRun}
 */
export async function tailRun(
  runFolder: string,
  options: FollowOptions & Required<Pick<FollowOptions, 'where'>>,
  view: RecordView,
): Promise<readonly TrialStanding[]> {
  yieldToTraining();
  const followed = followRun(runFolder, {
    ...options,
    onLook: view.look,
    where(record) {
      if (record.event === 'trial.start') view.remember(record);
      return options.where(record);
    },
  });
  let next = await followed.next();
  for (; next.done !== true; next = await followed.next()) await view.show(next.value);
  return next.value;
}

/**
 * The error that the run ends with, as far as its logs tell; undefined for a completed one. A trial that has
 * begun and neither ends nor is worked on has lost its process.
 */
export function errorOf(standings: readonly TrialStanding[]): ErrorCode | undefined {
  let [isInterrupted, hasDiverged] = [false, false];
  for (const standing of standings) {
    if (standing === 'unfinished') return 'worker';
    if (standing === 'dropped') continue;
    if (standing === 'planned') isInterrupted = true;
    else if (standing.outcome === 'failed') return standing.code ?? 'worker';
    else {
      isInterrupted ||= standing.outcome === 'interrupted';
      hasDiverged ||= standing.outcome === 'diverged';
    }
  }
  if (isInterrupted) return 'interrupted';
  return hasDiverged ? 'diverged' : undefined;
}

/** Lowers a process's priority: watching a run must not slow it down. @param pid default: this process */
export function yieldToTraining(pid = 0): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not allowed here: run at normal priority.
  }
}
