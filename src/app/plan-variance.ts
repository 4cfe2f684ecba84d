import type { Config } from '../config/schema.js';
import { LockstepError } from '../protocol/index.js';
import { count } from '../text/numbers.js';

/** @throws LockstepError `usage` for a sweep: each of its points would need a square of its own */
export function requireNoSweep({ sweep }: Config): void {
  if (sweep === undefined) return;
  throw new LockstepError(
    'usage',
    'sweep: expected a configuration without a sweep, got one; variance is decomposed at one point, whose square has many trials',
    { hint: 'Name a configuration without `sweep`, and set what the point has with --set.' },
  );
}

/**
 * The seeds that are the levels of each stream: those of the configuration, as many as there are levels; where it
 * has fewer, the numbers after its largest follow.
 * @param given whether they were given for this run: then their number must fit
 * @throws LockstepError `usage`
 */
export function levelSeeds(seeds: readonly number[], levels: number, given: boolean): number[] {
  if (given && seeds.length !== levels) {
    throw new LockstepError(
      'usage',
      `--seeds: expected ${count(levels, 'seed')}, one for each of --levels, got ${seeds.length}`,
    );
  }
  const next = Math.max(...seeds) + 1;
  const further = Array.from({ length: levels }, (_, i) => next + i);
  return [...seeds, ...further].slice(0, levels);
}
