import type { LogRecord } from '../../log/records.js';
import { events } from '../../log/records.js';
import { requireKnown } from './flag-values.js';
import { parseSince } from './since.js';

/** Which records of a run are wanted, as given on the command line. */
export interface Selection {
  readonly event?: string | undefined;
  /** A step, a time, or how long ago. */
  readonly since?: string | undefined;
  /** Of the steps, only those divisible by it. */
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
