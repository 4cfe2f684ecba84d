import { parse } from 'csv-parse/sync';
import { LockstepError } from '../../protocol/index.js';
import type { StoredFile } from '../read-file.js';

/** A line of a CSV file. */
export interface Row {
  /** One for each column of the header. */
  readonly fields: readonly string[];
  /** Where it starts, counted from 1. */
  readonly line: number;
}

export interface RowsOptions {
  /** Whether the first column needs no name: pandas writes its index there. Default: false. */
  readonly unnamedFirst?: boolean;
  /** What sets the delimiter, for hints. Default: the configuration's key. */
  readonly setting?: string;
}

/**
 * Reads a CSV file (RFC 4180) with a header: fields may be quoted, a quote in one is doubled, lines end
 * as they like, and empty ones do not count. Spaces around fields do not count either.
 *
 * @param visit called with every row after the header
 * @returns the header's column names
 * @throws LockstepError `data` with file and line, for a header without distinct names, a row with
 * another number of fields, or quotes that do not match
 */
export function readRows(
  { content, path }: Pick<StoredFile, 'content' | 'path'>,
  delimiter: string,
  visit: (row: Row, header: readonly string[]) => void,
  { unnamedFirst = false, setting = 'data.csv.delimiter' }: RowsOptions = {},
): readonly string[] {
  let header: readonly string[] | undefined;
  const onRecord = (record: readonly string[], { lines }: { readonly lines: number }): null => {
    const fields = record.map((field) => field.trim());
    // Counted to the row's end, which quoted line breaks move away from its start.
    const line = lines - record.reduce((sum, field) => sum + breaks(field), 0);
    if (header === undefined) {
      header = requireNames(fields, path, line, unnamedFirst);
      return null;
    }
    if (fields.length !== header.length) {
      throw new LockstepError(
        'data',
        `${path}:${line}: expected ${header.length} fields, as the header has, got ${fields.length}`,
        { hint: `Put fields that contain the delimiter in quotes, or set ${setting}.` },
      );
    }
    visit({ fields, line }, header);
    return null;
  };
  try {
    parse(Buffer.from(content.buffer, content.byteOffset, content.byteLength), {
      bom: true,
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: onRecord,
    });
  } catch (cause) {
    throw cause instanceof LockstepError ? cause : unreadable(cause, path);
  }
  if (header !== undefined) return header;
  throw new LockstepError('data', `${path}: expected a header with the columns' names, got none`, {
    hint: 'Put the names on the first line.',
  });
}

function breaks(field: string): number {
  return field.match(/\r\n|\r|\n/g)?.length ?? 0;
}

function requireNames(
  names: readonly string[],
  path: string,
  line: number,
  unnamedFirst: boolean,
): readonly string[] {
  for (const [index, name] of names.entries()) {
    if (unnamedFirst && index === 0) continue;
    const isNew = name !== '' && names.indexOf(name) === index;
    if (isNew) continue;
    throw new LockstepError(
      'data',
      `${path}:${line}: expected a name of its own for every column, got ${name === '' ? 'none' : `${name} again`} for column ${index + 1}`,
      { hint: 'Name the columns on the first line.' },
    );
  }
  return names;
}

function unreadable(cause: unknown, path: string): LockstepError {
  const { message, lines } = cause as { readonly message: string; readonly lines?: number };
  return new LockstepError(
    'data',
    `${path}${lines === undefined ? '' : `:${lines}`}: expected CSV, got: ${message}`,
    { hint: 'A quoted field starts and ends with a quote, and a quote in it is doubled.', cause },
  );
}
