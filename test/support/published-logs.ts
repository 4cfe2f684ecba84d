import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requirePublishedRecord } from './published-log-schema.js';

/**
 * Holds every whole line of every log below a folder against `docs/log.schema.json`.
 * @returns how many records there were
 * @throws an Error with the first record that is other than published
 */
export function requirePublishedLogs(folder: string): number {
  const lines = logsBelow(folder).flatMap((path) =>
    readFileSync(path, 'utf8').split('\n').slice(0, -1),
  );
  for (const line of lines) requirePublishedRecord(JSON.parse(line));
  return lines.length;
}

/** Not where checkpoints come and go: a killed run's trials can still be at work on theirs. */
function logsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'checkpoints' ? [] : logsBelow(path);
    return entry.name === 'log.ndjson' ? [path] : [];
  });
}
