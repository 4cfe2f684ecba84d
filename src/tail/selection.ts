import type { LogRecord } from '../log/records.js';
import { LockstepError } from '../protocol/index.js';
import { parseWhere, requireKnown } from './where.js';

/** Which records of a run are wanted, as given on the command line. */
export interface Selection {
  readonly event?: string | undefined;
  /** A step, or a time as ISO 8601. */
  readonly since?: string | undefined;
  /** Of the steps, only those divisible by it. */
  readonly every?: string | undefined;
  /** Conditions that must all hold. */
  readonly where?: readonly string[];
}

const events = ['trial.start', 'trial.resume', 'step', 'evaluation', 'checkpoint', 'trial.end'];

/** @throws LockstepError `usage` when a value is not one the flag takes */
export function parseSelection(
  { event, since, every, where = [] }: Selection,
  variants: readonly string[],
): (record: LogRecord) => boolean {
  const conditions = where.map((text) => parseWhere(text, variants));
  if (event !== undefined) {
    requireKnown('--event', event, events);
    conditions.push((record) => record.event === event);
  }
  if (since !== undefined) conditions.push(parseSince(since));
  if (every !== undefined) {
    const period = wholeNumber('--every', every, 1);
    conditions.push((record) => record.event !== 'step' || record.step % period === 0);
  }
  return (record) => conditions.every((holds) => holds(record));
}

/** @throws LockstepError `usage` unless the text is a whole number of at least `least` */
export function wholeNumber(flag: string, text: string, least: number): number {
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text);
  throw new LockstepError(
    'usage',
    `${flag}: expected a whole number of at least ${least}, got ${text}`,
  );
}

function parseSince(since: string): (record: LogRecord) => boolean {
  if (/^\d+$/.test(since)) {
    return (record) => record.event === 'trial.start' || record.step >= Number(since);
  }
  const time = Date.parse(since);
  if (Number.isNaN(time)) {
    throw new LockstepError('usage', `--since: expected a step or a time, got ${since}`, {
      hint: 'For instance --since 100 or --since 2026-01-31T12:00:00Z.',
    });
  }
  return (record) => record.time >= time;
}
