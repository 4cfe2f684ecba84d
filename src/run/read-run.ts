import type { Manifest } from './manifest.js';
import { readTrial } from './read-trial.js';
import type { RunTrial } from './read-trial.js';
import { readManifest, readRunManifest } from './run-directory.js';
import type { RunManifest } from './run-directory.js';
import { withDropped } from './spared-trials.js';

/** A run's plan, and how far each of its trials got. @typeParam Of whether it was trained here or imported */
export interface Run<Of extends RunManifest = RunManifest> {
  readonly folder: string;
  readonly manifest: Of;
  /** In the manifest's order, all of them. */
  readonly trials: readonly RunTrial[];
}

/** @throws LockstepError `usage` without a manifest; `data` for a file that is not as it was written */
export async function readRun(folder: string): Promise<Run> {
  return readTrials(folder, await readRunManifest(folder));
}

/** A run that was trained here. @throws LockstepError `usage` for an imported one, and as {@link readRun} */
export async function readTrainedRun(folder: string): Promise<Run<Manifest>> {
  return readTrials(folder, await readManifest(folder));
}

async function readTrials<Of extends RunManifest>(folder: string, manifest: Of): Promise<Run<Of>> {
  const trials: RunTrial[] = [];
  for (const trial of manifest.trials) trials.push(await readTrial(folder, trial));
  return { folder, manifest, trials: withDropped(manifest, trials) };
}
