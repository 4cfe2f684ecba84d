import { pino } from 'pino';
import { logSchemaVersion } from './constants.js';
import type { LogRecord, RecordBase } from './records.js';
import type { LineFile } from '../files/line-file.js';

/** A record before the log gives it its common fields. */
export type RecordFields = LogRecord extends infer Record
  ? Record extends RecordBase
    ? Omit<Record, keyof RecordBase>
    : never
  : never;

export interface TrialLogOptions {
  readonly file: LineFile;
  readonly runId: string;
  readonly trial: number;
  readonly seed: number;
  /** `seq` of the last record already in the file; 0 for a new one. */
  readonly lastSeq: number;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
}

export interface TrialLog {
  /** Appends one record and returns it as written. @throws LockstepError `disk` on a full disk */
  write(fields: RecordFields): LogRecord;
}

/** The one writer of a trial's `log.ndjson`: pino, synchronous, records numbered without gaps. */
export function createTrialLog(options: TrialLogOptions): TrialLog {
  const { file, runId, trial, seed, clock } = options;
  let time = 0;
  let seq = options.lastSeq;
  const common = { schemaVersion: logSchemaVersion, runId, trial, seed } as const;
  const logger = pino(
    {
      base: common,
      // One reading of the clock serves the line and the returned record.
      timestamp: () => `,"time":${time}`,
      mixin: () => ({ seq: seq + 1 }),
    },
    file,
  );
  return {
    write(fields) {
      time = clock();
      const level = 'outcome' in fields && fields.outcome !== 'completed' ? 'warn' : 'info';
      logger[level](fields);
      // Only now: a write that failed leaves no gap.
      seq += 1;
      return { level: logger.levels.values[level], time, ...common, seq, ...fields } as LogRecord;
    },
  };
}
