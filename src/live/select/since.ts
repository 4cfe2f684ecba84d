import type { LogRecord } from '../../log/records.js';
import { LockstepError } from '../../protocol/index.js';

/** Milliseconds. */
const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Whether a record is of a step or time, or later; a start counts as step 0.
 * @param since a step (`100`), how long ago (`90s`, `10m`, `1.5h`, `2d`), or a date or time as in ISO 8601,
 *   local without a zone (`2026-01-31`, `2026-01-31 12:00`, `2026-01-31T12:00:00Z`); a time without a date is
 *   one of today, in its zone (`12:00`, `12:00+02:00`)
 * @param now milliseconds since the Unix epoch
 * @throws LockstepError `usage` for anything else
 */
export function parseSince(since: string, now: number): (record: LogRecord) => boolean {
  const text = since.trim();
  if (/^\d+$/.test(text)) {
    const first = Number(text);
    return (record) => (record.event === 'trial.start' ? 0 : record.step) >= first;
  }
  const time = timeOf(text, now);
  if (Number.isNaN(time)) {
    throw new LockstepError('usage', `--since: expected a step or a time, got ${since}`, {
      hint: 'For instance --since 100, --since 10m or --since 2026-01-31T12:00:00Z.',
    });
  }
  return (record) => record.time >= time;
}

/** @returns milliseconds since the Unix epoch; NaN for text that is no time */
function timeOf(text: string, now: number): number {
  const ago = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  if (ago) return now - Number(ago[1]) * units[ago[2] as keyof typeof units];
  const form =
    /^(?:(?<date>\d{4}-\d\d-\d\d)(?:[T ](?=\d)|$))?(?<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?<zone>Z|[+-]\d\d:\d\d)?$/i;
  const { date, time, zone: anyCase } = form.exec(text)?.groups ?? {};
  if (date === undefined ? time === undefined : !isDay(date)) return NaN;
  const zone = anyCase?.toUpperCase();
  // Without a time, Date.parse would take a date for one in UTC.
  return Date.parse(`${date ?? today(now, zone)}T${time ?? '00:00'}${zone ?? ''}`);
}

/** Whether the calendar has the day: Date.parse takes 30 February for 2 March. */
function isDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00Z`);
  return !Number.isNaN(time) && dayOf(time) === date;
}

/** @param zone `Z` or an offset such as `+02:00`; undefined: local */
function today(now: number, zone: string | undefined): string {
  if (zone === undefined) return dayOf(now - 60_000 * new Date(now).getTimezoneOffset());
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === '-' ? -1 : 1);
  return dayOf(now + 60_000 * offset);
}

/** The day of a time in UTC, as in ISO 8601. */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
