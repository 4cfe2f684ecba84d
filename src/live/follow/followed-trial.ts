import { parseRecord } from '../../log/read.js';
import type { LogRecord, TrialEndRecord } from '../../log/records.js';
import { trialFiles } from '../../run/run-directory.js';
import { LogCursor } from './log-cursor.js';
import { createSeenOnce } from './seen-once.js';

/** A record of a trial's log, and the very line it was written as, without its newline. */
export interface FollowedRecord {
  readonly record: LogRecord;
  readonly line: string;
}

/**
 * How a trial stands, as far as its log tells: its end; `unfinished`, without an end; or `planned`, without
 * a log.
 */
export type TrialStanding = TrialEndRecord | 'unfinished' | 'planned';

/** One trial of a run that is followed. */
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

  get standing(): TrialStanding {
    return this.#end ?? (this.#cursor.hasFile ? 'unfinished' : 'planned');
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Whether nothing is to come: an interrupted or failed trial may be resumed. */
  get isFinished(): boolean {
    return this.#end?.outcome === 'completed' || this.#end?.outcome === 'diverged';
  }

  /**
   * Records that were not there before, some at a time; a batch of none says that the log has changed.
   * @throws LockstepError `data` when a whole line is no record
   */
  *read(): Generator<Iterable<FollowedRecord>> {
    for (const lines of this.#cursor.read()) yield this.#newRecords(lines);
  }

  *#newRecords(lines: readonly string[]): Generator<FollowedRecord> {
    for (const line of lines) {
      const record = parseRecord(line, this.#log);
      // After an end only a resume goes on: until then a log read again leaves the trial ended.
      this.#end = record.event === 'trial.end' ? record : undefined;
      if (this.#isNew(record)) yield { record, line };
    }
  }
}
