import type { Config } from '../config/schema.js';
import type { Manifest, Trial } from '../run/manifest.js';
import type { TrialPlan } from '../trial/plan.js';
import type { TrialFiles } from '../run/run-directory.js';
import type { Findings, Place } from './findings.js';
import type { TrialData } from './recompute-minibatches.js';

/** What every check of a trial works with. */
export interface TrialAudit {
  readonly manifest: Manifest;
  readonly trial: Trial;
  readonly plan: TrialPlan;
  /** Of this trial alone. */
  readonly config: Config;
  readonly files: TrialFiles;
  /** Absent where the dataset is not on this machine. */
  readonly data: TrialData | undefined;
  readonly findings: Findings;
  /** A place in one of the trial's files, given relative to the trial's folder. */
  readonly at: (file: string, line?: number, seq?: number) => Place;
}
