import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requirePublishedRecord } from './published-log-schema.js';

/**
 * Holds every whole line of every log below a folder against `docs/log.schema.json`.
 * @returns how many records there were
 * @throws an Error with the first record that is other than published
 */
export function requirePublishedLogs(folder: string): number {
  const logs = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('log.ndjson'),
  );
  const lines = logs.flatMap((path) =>
    readFileSync(join(folder, path), 'utf8').split('\n').slice(0, -1),
  );
  for (const line of lines) requirePublishedRecord(JSON.parse(line));
  return lines.length;
}
