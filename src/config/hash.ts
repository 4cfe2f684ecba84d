import { createHash } from 'node:crypto';
import { LockstepError } from '../protocol/index.js';

/**
 * SHA-256, in hexadecimal, of a value's canonical JSON: keys sorted by UTF-16 code unit, no white
 * space, numbers as ECMAScript prints them, `undefined` keys left out (RFC 8785).
 * @throws LockstepError `bug` for what JSON cannot hold: NaN, infinities, functions
 */
export function configHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  ) {
    return JSON.stringify(value);
  }
  throw new LockstepError('bug', `expected JSON data to hash, got ${typeof value}`);
}
