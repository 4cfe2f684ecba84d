import type { Dataset } from '../data/dataset.js';
import type { LogRecord } from '../log/records.js';
import type { VariantPool } from '../variants/variant-pool.js';
import type { EngineName } from '../protocol/index.js';
import type { Manifest, Trial } from '../run/manifest.js';
import type { TrialFiles } from '../run/run-directory.js';

/** What running a trial needs of the world around it. */
export interface TrialOptions {
  readonly manifest: Manifest;
  readonly trial: Trial;
  readonly files: TrialFiles;
  readonly loadDataset: () => Promise<Dataset>;
  /** Starts the worker of a variant and loads its engine. */
  readonly startPool: (variant: string, engine: EngineName) => Promise<VariantPool>;
  /** Aborted: finish the steps under way, checkpoint and end as `interrupted`. */
  readonly stop: AbortSignal;
  /** Milliseconds since the Unix epoch, for the log's `time` only. */
  readonly clock: () => number;
  /** Called with every record right after it is in the log. */
  readonly onRecord: (record: LogRecord) => void;
  /** Called with what a person should know, for instance of a corrupt checkpoint passed over. */
  readonly onNotice: (text: string) => void;
}
