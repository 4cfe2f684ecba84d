import { lastRecord } from '../log/read.js';
import type { Outcome } from '../log/records.js';
import type { Trial } from './manifest.js';
import { readResult } from './result.js';
import type { TrialResult } from './result.js';
import { trialFiles } from './run-directory.js';

/**
 * `unfinished`: its log has no end (it runs, or was killed); `planned`: it has no log yet; `dropped`: it is not run,
 * as the race has dropped its point, or the verdict was reached before.
 */
export type TrialState = Outcome | 'unfinished' | 'planned' | 'dropped';

export interface RunTrial {
  readonly trial: Trial;
  readonly state: TrialState;
  /** Why it did not complete, where its log says so. */
  readonly reason?: string | undefined;
  /** The last step trained; 0 when there was none. */
  readonly steps: number;
  /** Present for a trial that completed or diverged. */
  readonly result?: TrialResult | undefined;
}

/** How a trial got, whatever a race says of its point. */
export async function readTrial(folder: string, trial: Trial): Promise<RunTrial> {
  const files = trialFiles(folder, trial.index);
  const result = await readResult(files.result);
  if (result !== undefined) {
    const { outcome, reason, steps } = result;
    return { trial, state: outcome, reason, steps, result };
  }
  const last = await lastRecord(files.log);
  if (last === undefined) return { trial, state: 'planned', steps: 0 };
  const steps = last.event === 'trial.start' ? 0 : last.step;
  if (last.event !== 'trial.end') return { trial, state: 'unfinished', steps };
  return { trial, state: last.outcome, reason: last.reason, steps };
}
