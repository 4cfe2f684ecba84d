import { lastRecord } from '../log/read.js';
import type { Outcome } from '../log/records.js';
import { readResult } from './result.js';
import type { TrialResult } from './result.js';
import type { Manifest, Trial } from './manifest.js';
import { readManifest, trialFiles } from './run-directory.js';

/** `unfinished`: its log has no end (it runs, or was killed); `planned`: it has no log yet. */
export type TrialState = Outcome | 'unfinished' | 'planned';

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

/** A run's plan, and how far each of its trials got. */
export interface Run {
  readonly folder: string;
  readonly manifest: Manifest;
  /** In the manifest's order, all of them. */
  readonly trials: readonly RunTrial[];
}

/** @throws LockstepError `usage` without a manifest; `data` for a file that is not as it was written */
export async function readRun(folder: string): Promise<Run> {
  const manifest = await readManifest(folder);
  const trials: RunTrial[] = [];
  for (const trial of manifest.trials) trials.push(await readTrial(folder, trial));
  return { folder, manifest, trials };
}

async function readTrial(folder: string, trial: Trial): Promise<RunTrial> {
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
