import { z } from 'zod';
import { findCheckpoint } from '../checkpoint/checkpoints.js';
import type { Checkpoint, PassedOver } from '../checkpoint/checkpoints.js';
import { keepLines } from '../files/line-file.js';
import { readLines } from '../files/lines.js';
import { parseJson } from '../files/read.js';
import { readRecords } from '../log/read.js';
import type { LogRecord } from '../log/records.js';
import { lastingRecords } from '../run/trial-history.js';
import type { TrialFiles } from '../run/run-directory.js';

export interface ResumePoint {
  /** The checkpoint to go on from; absent: from the beginning. */
  readonly checkpoint: Checkpoint | undefined;
  /** Of what the log keeps, up to and including the checkpoint's step: all but steps, and the last step. */
  readonly records: readonly LogRecord[];
  /** Newer checkpoints that could not be used, newest first. */
  readonly passedOver: readonly PassedOver[];
}

/**
 * Finds where a trial can go on and cuts its log and trace back to that step, so that no step is ever
 * recorded twice. A trial without a usable checkpoint starts over with empty files.
 */
export async function resumePoint(files: TrialFiles, configHash: string): Promise<ResumePoint> {
  const lastLogged = await lastLoggedStep(files.log);
  const { checkpoint, passedOver } = await findCheckpoint(files.folder, configHash, lastLogged);
  const step = checkpoint?.step ?? -1;
  const records = await cutLog(files.log, step);
  await cutTrace(files.trace, step);
  return { checkpoint, records, passedOver };
}

/** The last step whose record is whole; -1 when the log has not even a start. */
async function lastLoggedStep(path: string): Promise<number> {
  let last = -1;
  for await (const record of readRecords(path)) {
    if (record.event === 'trial.start') last = 0;
    if (record.event === 'step') last = record.step;
  }
  return last;
}

/** Cuts a log back to the records up to a step, and returns those that last (see {@link lastingRecords}). */
async function cutLog(path: string, step: number): Promise<LogRecord[]> {
  let lines = 0;
  const kept = lastingRecords();
  for await (const record of readRecords(path)) {
    if (isAfter(record, step)) break;
    kept.add(record);
    lines += 1;
  }
  await keepLines(path, lines);
  return kept.records;
}

async function cutTrace(path: string, step: number): Promise<void> {
  let lines = 0;
  for await (const { text, number, whole } of readLines(path)) {
    const file = { what: 'a line of a trace', schema: traceLine };
    if (!whole || parseJson(text, `${path}:${number}`, file).step > step) break;
    lines += 1;
  }
  await keepLines(path, lines);
}

/** Of the steps only the number is looked at. */
const traceLine = z.looseObject({ step: z.int() });

/** An end is always cut: the trial is about to go on. */
function isAfter(record: LogRecord, step: number): boolean {
  if (step < 0 || record.event === 'trial.end') return true;
  return record.event === 'trial.start' || record.event === 'trial.resume'
    ? false
    : record.step > step;
}
