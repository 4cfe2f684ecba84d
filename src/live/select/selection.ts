import { suggest } from '../../config/suggest.js';
import type { LogRecord } from '../../log/records.js';
import { events } from '../../log/records.js';
import { LockstepError } from '../../protocol/index.js';
import { parseSince } from './since.js';

/** Selects records of a run, as given on the command line. */
export interface Selection {
  readonly event?: string | undefined;
  /** A step, a time, or how long ago. */
  readonly since?: string | undefined;
  /** Only every Nth step. */
  readonly every?: number | undefined;
  /** Further conditions that must all hold. */
  readonly where?: readonly ((record: LogRecord) => boolean)[];
}

/**
 * @param now milliseconds since the Unix epoch
 * @throws LockstepError `usage` when a value is not one the flag takes
 */
export function parseSelection(
  { event, since, every, where = [] }: Selection,
  now: number,
): (record: LogRecord) => boolean {
  const conditions = [...where];
  if (event !== undefined) {
    requireKnown('--event', event, events);
    conditions.push((record) => record.event === event);
  }
  if (since !== undefined) conditions.push(parseSince(since, now));
  if (every !== undefined) {
    conditions.push((record) => record.event !== 'step' || record.step % every === 0);
  }
  return (record) => conditions.every((holds) => holds(record));
}

/** @throws LockstepError `usage` with the most likely meaning */
export function requireKnown(flag: string, word: string, known: readonly string[]): void {
  if (known.includes(word)) return;
  const meant = suggest(word, known);
  throw new LockstepError('usage', `${flag}: expected one of ${known.join(', ')}, got ${word}`, {
    hint: meant === undefined ? undefined : `Did you mean ${meant}?`,
  });
}
