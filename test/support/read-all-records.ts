import { readRecords } from '../../src/log/read.js';
import type { LogRecord } from '../../src/log/records.js';

/** All whole records of a log, at once in memory. */
export async function readAllRecords(path: string): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const record of readRecords(path)) records.push(record);
  return records;
}
