import { parseRecord } from '../../log/read.js';
import type { LogRecord, TrialEndRecord } from '../../log/records.js';
import { trialFiles } from '../../run/run-directory.js';
import { LogCursor } from './log-cursor.js';
import { createSeenOnce } from './seen-once.js';

/** A record of a trial's log, and the line as it was written, without its newline. */
export interface FollowedRecord {
  readonly record: LogRecord;
  readonly line: string;
}

/**
 * How a trial stands according to its log: its end; `unfinished` where it has no end; `planned` where there
 * is no log; `dropped` where a race spares it.
 */
export type TrialStanding = TrialEndRecord | 'unfinished' | 'planned' | 'dropped';

/** A trial whose log is followed. */
export class FollowedTrial {
  readonly index: number;
  readonly #log: string;
  readonly #cursor: LogCursor;
  readonly #isNew = createSeenOnce();
  #end: TrialEndRecord | undefined;

  constructor(runFolder: string, index: number) {
    this.index = index;
    this.#log = trialFiles(runFolder, index).log;
    this.#cursor = new LogCursor(this.#log);
  }

  get standing(): Exclude<TrialStanding, 'dropped'> {
    return this.#end ?? (this.#cursor.hasFile ? 'unfinished' : 'planned');
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Whether nothing more will come: an interrupted or failed trial may still be resumed. */
  get isFinished(): boolean {
    return this.#end?.outcome === 'completed' || this.#end?.outcome === 'diverged';
  }

  /**
   * Reads new records in batches. An empty batch means that the log has changed.
   * @throws LockstepError `data` when a whole line is not a record
   */
  *read(): Generator<Iterable<FollowedRecord>> {
    for (const lines of this.#cursor.read()) yield this.#newRecords(lines);
  }

  *#newRecords(lines: readonly string[]): Generator<FollowedRecord> {
    for (const line of lines) {
      const record = parseRecord(line, this.#log);
      // Only a resume continues after an end; reading the log again leaves the trial ended.
      this.#end = record.event === 'trial.end' ? record : undefined;
      if (this.#isNew(record)) yield { record, line };
    }
  }
}
