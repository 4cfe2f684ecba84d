import { lastWholeLine, readLines } from '../files/lines.js';
import type { Line } from '../files/lines.js';
import { LockstepError } from '../protocol/index.js';
import { logSchemaVersion } from './constants.js';
import type { LogRecord } from './records.js';

export interface ReadOptions {
  /** Leave out what a later `trial.resume` took back, as if the trial had never stopped. Default: false. */
  readonly undisturbed?: boolean;
}

/**
 * The whole records of a trial's log, oldest first and one at a time in memory; none where there is no log.
 * A torn last line (its writer was killed, or is writing) is left out.
 * @throws LockstepError `data` naming file and line when a whole line is no record
 */
export async function* readRecords(
  path: string,
  { undisturbed = false }: ReadOptions = {},
): AsyncGenerator<LogRecord> {
  const resumes: { readonly seq: number; readonly step: number }[] = [];
  if (undisturbed) {
    // Most logs have none. Searching the text costs a tenth of parsing every record twice.
    for await (const record of recordsOf(path, (text) => text.includes('"trial.resume"'))) {
      if (record.event === 'trial.resume') resumes.push({ seq: record.seq, step: record.step });
    }
  }
  for await (const record of recordsOf(path)) {
    const later = resumes.filter(({ seq }) => seq > record.seq);
    if (record.event === 'trial.end' && later.length > 0) continue;
    if ('step' in record && later.some(({ step }) => record.step > step)) continue;
    yield record;
  }
}

/** The last whole record of a log; undefined where there is none. @throws as {@link readRecords} */
export async function lastRecord(path: string): Promise<LogRecord | undefined> {
  const line = await lastWholeLine(path);
  return line === undefined ? undefined : parseRecord(line, path);
}

/** A line of a log, whether it is a record or not. */
export interface LogLine extends Line {
  /** Its JSON; undefined where the line is torn or no JSON. */
  readonly value: unknown;
}

/**
 * The lines of a log, for readers that report bad ones and go on; none where there is no log.
 * @param wanted leaves lines out before they are parsed
 */
export async function* readLogLines(
  path: string,
  wanted: (text: string) => boolean = () => true,
): AsyncGenerator<LogLine> {
  for await (const line of readLines(path)) {
    const { text, number, whole } = line;
    if (!whole) yield { text, number, whole, value: undefined };
    else if (wanted(text)) yield { text, number, whole, value: parseLine(text) };
  }
}

async function* recordsOf(
  path: string,
  wanted?: (text: string) => boolean,
): AsyncGenerator<LogRecord> {
  for await (const { text, number, whole, value } of readLogLines(path, wanted)) {
    if (whole) yield recordOf(value, text, `${path}:${number}`);
  }
}

/** @param place names the line in the error, for instance `log.ndjson:7` */
export function parseRecord(line: string, place: string): LogRecord {
  return recordOf(parseLine(line), line, place);
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function recordOf(record: unknown, line: string, place: string): LogRecord {
  if (typeof record !== 'object' || record === null || !('event' in record && 'seq' in record)) {
    throw new LockstepError('data', `${place}: expected a log record, got ${line.slice(0, 60)}`, {
      hint: 'The log was changed after it was written; `lockstep verify` finds what else differs.',
    });
  }
  requireVersion(record as { readonly schemaVersion?: unknown }, place);
  return record as unknown as LogRecord;
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
