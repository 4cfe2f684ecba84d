import type { Dataset } from '../data/dataset.js';
import type { LogRecord } from '../log/records.js';
import type { Manifest } from '../run/manifest.js';
import type { TrialFiles } from '../run/run-directory.js';
import type { VariantBackend } from '../variants/backend.js';
import type { TrialPlan } from './plan.js';

/** The world around a trial: everything it needs to run. */
export interface TrialOptions {
  readonly manifest: Manifest;
  readonly plan: TrialPlan;
  readonly files: TrialFiles;
  readonly loadDataset: () => Promise<Dataset>;
  readonly backend: VariantBackend;
  /** Aborted: finish the steps under way, checkpoint and end as `interrupted`. */
  readonly stop: AbortSignal;
  /** Milliseconds since the Unix epoch, for the log's `time` only. */
  readonly clock: () => number;
  /** Called with every record right after it is in the log. */
  readonly onRecord: (record: LogRecord) => void;
  /** Called with what a person should know, for instance of a corrupt checkpoint passed over. */
  readonly onNotice: (text: string) => void;
}
