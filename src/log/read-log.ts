import { readFile } from 'node:fs/promises';
import { LockstepError } from '../protocol/index.js';
import { logSchemaVersion } from './records.js';
import type { LogRecord } from './records.js';

/**
 * The whole records of a trial's log, oldest first. A torn last line (the writer was killed) is left
 * out.
 * @throws LockstepError `data` naming file and line when a whole line is not a JSON object
 */
export async function readTrialLog(path: string): Promise<LogRecord[]> {
  const text = await readFile(path, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  lines.pop();
  return lines.map((line, index) => parseRecord(line, `${path}:${index + 1}`));
}

/** @param place names the line in the error, for instance `log.ndjson:7` */
export function parseRecord(line: string, place: string): LogRecord {
  try {
    const record: unknown = JSON.parse(line);
    if (typeof record === 'object' && record !== null && 'event' in record && 'seq' in record) {
      requireVersion(record as { readonly schemaVersion?: unknown }, place);
      return record as unknown as LogRecord;
    }
  } catch (cause) {
    throw cause instanceof LockstepError ? cause : corruptRecord(line, place, cause);
  }
  throw corruptRecord(line, place);
}

function requireVersion(record: { readonly schemaVersion?: unknown }, place: string): void {
  const { schemaVersion } = record;
  if (schemaVersion === logSchemaVersion) return;
  throw new LockstepError(
    'data',
    `${place}: expected a record of schemaVersion ${logSchemaVersion}, got ${String(schemaVersion)}`,
    { hint: 'Another version of Lockstep wrote this log; read it with that version.' },
  );
}

function corruptRecord(line: string, place: string, cause?: unknown): LockstepError {
  return new LockstepError('data', `${place}: expected a log record, got ${line.slice(0, 60)}`, {
    cause,
    hint: 'The log was changed after it was written; `lockstep verify` finds what else differs.',
  });
}
