import { LockstepError } from '../protocol/index.js';

/** Throws when two lists that describe the same things have different lengths. */
export function assertSameLength(
  what: string,
  first: ArrayLike<unknown>,
  second: ArrayLike<unknown>,
): void {
  if (first.length === second.length) return;
  throw new LockstepError(
    'bug',
    `${what}: expected as many entries in both lists, got ${first.length} and ${second.length}`,
    { hint: 'Pass one entry for each, in the same order, with null where a value is missing.' },
  );
}
