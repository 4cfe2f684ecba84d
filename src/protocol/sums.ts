import { LockstepError } from './errors.js';
import type { Sums } from './worker.js';

/**
 * A sum that is one number.
 * @throws LockstepError `bug` where there is no such sum
 */
export function numberIn(sums: Sums, name: string): number {
  const sum = sums[name];
  if (typeof sum === 'number') return sum;
  throw new LockstepError('bug', `expected a number as the sum ${name}, got ${typeof sum}`);
}

/**
 * A sum that is one number for each class or bin.
 * @throws LockstepError `bug` where there is no such sum
 */
export function vectorIn(sums: Sums, name: string): readonly number[] {
  const sum = sums[name];
  if (Array.isArray(sum)) return sum;
  throw new LockstepError('bug', `expected a vector as the sum ${name}, got ${typeof sum}`);
}

/** The sums over the examples of both. */
export function addSums(a: Sums, b: Sums): Sums {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, add(a[name], b[name])]));
}

type Sum = Sums[string];

function add(a: Sum | undefined, b: Sum | undefined): Sum {
  if (a === undefined || b === undefined) return a ?? b ?? 0;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (typeof a !== 'number' && typeof b !== 'number') {
    return a.map((value, i) => value + b[i]!);
  }
  throw new LockstepError('bug', 'expected two sums of one kind, got a number and a vector');
}
