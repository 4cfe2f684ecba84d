import { stat } from 'node:fs/promises';
import { readRecords } from '../log/read.js';
import type { LogRecord } from '../log/records.js';
import { LockstepError } from '../protocol/index.js';
import { readManifest, trialFiles } from '../run/run-directory.js';
import { LogStream } from './log-stream.js';

/**
 * What a run's trials, or one of them, have logged so far: the records of a trial in order, as if it
 * had never stopped (what a resume took back is left out), the trials in the manifest's order, those
 * that have not started left out.
 * @param path a run's folder, or a trial's `log.ndjson`
 * @returns reading ends with a LockstepError `usage` where there is no run and no log, `data` when a
 *   whole line is no record
 */
export function readLog(path: string): LogStream {
  return new LogStream(() => read(path));
}

async function* read(path: string): AsyncGenerator<LogRecord> {
  if (!(await isFolder(path))) {
    yield* readRecords(path, { undisturbed: true });
    return;
  }
  for (const { index } of (await readManifest(path)).trials) {
    yield* readRecords(trialFiles(path, index).log, { undisturbed: true });
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new LockstepError('usage', `${path}: expected a run's folder or a log, found neither`, {
      cause,
      hint: 'For instance runs/latest, or runs/latest/trials/0000/log.ndjson.',
    });
  }
}
