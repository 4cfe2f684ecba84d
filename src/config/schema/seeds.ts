import { z } from 'zod';
import { LockstepError } from '../../protocol/index.js';
import { whole } from '../../schema/fields.js';

/** More would only be a mistyped range. */
const maxSeeds = 10_000;
const rangeText = /^\s*\d+(\s*\.\.\s*\d+)?(\s*,\s*\d+(\s*\.\.\s*\d+)?)*\s*$/;
const error = 'seeds such as [1, 2, 3], 1..10 or "1..3,7"';

interface SeedProblem {
  /** The faulty item's. */
  readonly index: number;
  readonly message: string;
}

/** The seeds a list such as `[1, '3..5']` stands for, in order, or what is wrong with it. */
function expandSeeds(items: readonly (number | string)[]): number[] | SeedProblem {
  const seeds = new Set<number>();
  for (const [index, item] of items.entries()) {
    for (const part of String(item).split(',')) {
      const message = addRange(seeds, part.trim());
      if (message !== undefined) return { index, message };
    }
  }
  return [...seeds];
}

function addRange(seeds: Set<number>, text: string): string | undefined {
  const [first, last = first] = text.split('..').map(Number) as [number, number?];
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) {
    return `expected seeds up to ${Number.MAX_SAFE_INTEGER}, got ${text}`;
  }
  if (last < first) return `expected an ascending range, got ${text}`;
  if (last - first >= maxSeeds - seeds.size)
    return `expected at most ${maxSeeds} seeds, got ${text}`;
  for (let seed = first; seed <= last; seed++) {
    if (seeds.has(seed)) return `expected every seed once, got ${seed} twice`;
    seeds.add(seed);
  }
  return undefined;
}

const range = z.string({ error }).regex(rangeText, { error });
const item = z.union([whole(0), range], { error: 'a whole number of at least 0, or a range' });
const items = z.array(item, { error }).min(1, { error: 'at least one seed' });

export const seedsSchema = z
  .union([whole(0), range, items], { error })
  .transform((value, context) => {
    const seeds = expandSeeds(Array.isArray(value) ? value : [value]);
    if (Array.isArray(seeds)) return seeds;
    const path = Array.isArray(value) ? [seeds.index] : [];
    context.addIssue({ code: 'custom', path, message: seeds.message });
    return z.NEVER;
  });

/** The seeds of a text such as `1..10` or `1..3,7`. @throws LockstepError `usage` naming `flag` */
export function parseSeeds(text: string, flag: string): readonly number[] {
  const parsed = seedsSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues[0]?.message ?? error;
  const expected = message.startsWith('expected') ? message : `expected ${message}, got ${text}`;
  throw new LockstepError('usage', `${flag}: ${expected}`);
}
