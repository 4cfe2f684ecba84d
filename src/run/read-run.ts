import type { Manifest } from './manifest.js';
import { readTrial } from './read-trial.js';
import type { RunTrial } from './read-trial.js';
import { readManifest } from './run-directory.js';
import { withDropped } from './spared-trials.js';

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
  return { folder, manifest, trials: withDropped(manifest, trials) };
}
