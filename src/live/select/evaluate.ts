import type { LogRecord } from '../../log/records.js';

/** What a field holds, or a literal. */
export type Value = number | string | boolean;

export const comparisons: Readonly<Record<string, (left: Value, right: Value) => boolean>> = {
  '<': (left, right) => asNumber(left) < asNumber(right),
  '<=': (left, right) => asNumber(left) <= asNumber(right),
  '>': (left, right) => asNumber(left) > asNumber(right),
  '>=': (left, right) => asNumber(left) >= asNumber(right),
  '=': isSame,
  '==': isSame,
  '!=': (left, right) => !isSame(left, right),
};

export const calculations: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

/** What stands in a record at a path; undefined where there is nothing, or more than a value. */
export function valueAt(record: LogRecord, keys: readonly string[]): Value | undefined {
  let value: unknown = record;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return ['number', 'string', 'boolean'].includes(typeof value) ? (value as Value) : undefined;
}

/** A metric that is not finite is a text in the log; any other text is no number. */
export function asNumber(value: Value): number {
  return value === '' || typeof value === 'boolean' ? NaN : Number(value);
}

function isSame(left: Value, right: Value): boolean {
  return String(left) === String(right) || asNumber(left) === asNumber(right);
}
