import type { Dataset } from '../dataset.js';
import type { FormatSettings } from './settings.js';

/** A format in which the files of a folder hold a dataset. */
export interface DataFormat {
  /** Its name in the configuration. */
  readonly name: string;
  /** The files it consists of, for messages. */
  readonly files: string;
  /** Whether a folder with these files looks like one, even if some are missing. */
  recognizes(names: ReadonlySet<string>): boolean;
  /**
   * Reads the dataset whole into shared memory.
   *
   * @param settings of all formats; those of other formats are not for this one
   * @throws LockstepError `data` when a file is missing, unreadable, corrupt or at odds with another
   */
  load(folder: string, settings?: FormatSettings): Promise<Dataset>;
}
