import type { LogRecord } from '../../log/records.js';
import { LockstepError } from '../../protocol/index.js';

/** Milliseconds. */
const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Whether a record is of a step or time, or later; a start counts as step 0.
 * @param since a step (`100`), how long ago (`90s`, `10m`, `1.5h`, `2d`), or a date or time as in ISO 8601,
 *   local without a zone (`2026-01-31`, `2026-01-31 12:00`, `2026-01-31T12:00:00Z`, `12:00` of today)
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

/** @returns milliseconds since the Unix epoch; NaN for what is no time */
function timeOf(text: string, now: number): number {
  const ago = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  if (ago) return now - Number(ago[1]) * units[ago[2] as keyof typeof units];
  const form =
    /^(?:(?<date>\d{4}-\d\d-\d\d)(?:[T ](?=\d)|$))?(?<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?<zone>Z|[+-]\d\d:\d\d)?$/i;
  const { date, time, zone } = form.exec(text)?.groups ?? {};
  if (date === undefined && time === undefined) return NaN;
  // Without a time Date.parse would take a date for one in UTC.
  return Date.parse(`${date ?? localDate(now)}T${time ?? '00:00'}${zone?.toUpperCase() ?? ''}`);
}

function localDate(now: number): string {
  const date = new Date(now);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
