import { z } from 'zod';
import { whole } from './fields.js';

/** More would only be a mistyped range. */
const maxSeeds = 10_000;
const rangeText = /^\s*\d+(\s*\.\.\s*\d+)?(\s*,\s*\d+(\s*\.\.\s*\d+)?)*\s*$/;
const error = 'seeds such as [1, 2, 3], 1..10 or "1..3,7"';

/**
 * The seeds a list such as `[1, '3..5']` or a text such as `1..3,7` stands for, in order.
 * @returns the seeds, or the sentence that says what is wrong
 */
export function expandSeeds(items: readonly (number | string)[]): number[] | string {
  const seeds = new Set<number>();
  for (const part of items.flatMap((item) => String(item).split(','))) {
    const [first, last = first] = part.split('..').map(Number) as [number, number?];
    if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) {
      return `expected seeds up to ${Number.MAX_SAFE_INTEGER}, got ${part.trim()}`;
    }
    if (last < first) return `expected an ascending range, got ${part.trim()}`;
    if (last - first >= maxSeeds - seeds.size)
      return `expected at most ${maxSeeds} seeds, got more`;
    for (let seed = first; seed <= last; seed++) {
      if (seeds.has(seed)) return `expected every seed once, got ${seed} twice`;
      seeds.add(seed);
    }
  }
  return [...seeds];
}

const range = z.string({ error }).regex(rangeText, { error });
const item = z.union([whole(0), range], { error: 'a whole number of at least 0, or a range' });
const items = z.array(item, { error }).min(1, { error: 'at least one seed' });

export const seedsSchema = z
  .union([whole(0), range, items], { error })
  .transform((value, context) => {
    const seeds = expandSeeds(Array.isArray(value) ? value : [value]);
    if (typeof seeds !== 'string') return seeds;
    context.addIssue(seeds);
    return z.NEVER;
  });
