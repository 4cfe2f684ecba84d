import { findCheckpoint } from '../checkpoint/checkpoints.js';
import type { Checkpoint, PassedOver } from '../checkpoint/checkpoints.js';
import { truncateLines } from '../log/log-file.js';
import { parseRecord } from '../log/read-log.js';
import type { LogRecord } from '../log/records.js';
import type { TrialFiles } from '../run/run-directory.js';

export interface ResumePoint {
  /** The checkpoint to go on from; absent: from the beginning. */
  readonly checkpoint: Checkpoint | undefined;
  /** The records the log keeps, up to and including those of the checkpoint's step. */
  readonly records: readonly LogRecord[];
  /** Newer checkpoints that could not be used, newest first. */
  readonly passedOver: readonly PassedOver[];
}

/**
 * Finds where a trial can go on and cuts its log and trace back to that step, so that no step is ever
 * recorded twice. A trial without a usable checkpoint starts over with empty files.
 */
export async function resumePoint(files: TrialFiles, configHash: string): Promise<ResumePoint> {
  const lastLogged = lastLoggedStep(files.log);
  const { checkpoint, passedOver } = await findCheckpoint(files.folder, configHash, lastLogged);
  const step = checkpoint?.step ?? -1;
  const records: LogRecord[] = [];
  truncateLines(files.log, (line) => {
    const record = parseRecord(line, files.log);
    if (isAfter(record, step)) return false;
    records.push(record);
    return true;
  });
  truncateLines(files.trace, (line) => (JSON.parse(line) as { step: number }).step <= step);
  return { checkpoint, records, passedOver };
}

/** The last step whose record is whole; -1 if the log does not even have a start. */
function lastLoggedStep(path: string): number {
  let last = -1;
  truncateLines(path, (line) => {
    const record = parseRecord(line, path);
    if (record.event === 'trial.start') last = 0;
    if (record.event === 'step') last = record.step;
    return true;
  });
  return last;
}

/** An end is always cut: the trial is about to go on. */
function isAfter(record: LogRecord, step: number): boolean {
  if (step < 0 || record.event === 'trial.end') return true;
  return record.event === 'trial.start' || record.event === 'trial.resume'
    ? false
    : record.step > step;
}
