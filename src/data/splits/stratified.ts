import { LockstepError } from '../../protocol/index.js';
import type { Column } from '../../protocol/index.js';
import { epochPermutation } from '../sampler.js';
import { isFloat } from '../values.js';
import type { SplitKind } from './split.js';

/** Each class gets its share of the split by {@link apportion}, filled in the order of `random`. */
export const stratified: SplitKind = {
  name: 'stratified',
  description:
    'a random choice with the same share of every class as all training examples, but for rounding',
  choose({ count, targets }, size, seed) {
    requireClasses(targets);
    const counts = new Map<number, number>();
    for (const label of targets.values) counts.set(label, (counts.get(label) ?? 0) + 1);
    const classes = [...counts.keys()].sort((a, b) => a - b);
    const seats = apportion(
      classes.map((label) => counts.get(label)!),
      size,
    );
    const left = new Map(classes.map((label, index) => [label, seats[index]!]));
    const chosen = epochPermutation(seed, 0, count).filter((position) => {
      const label = targets.values[position]!;
      const seat = left.get(label)!;
      left.set(label, seat - 1);
      return seat > 0;
    });
    return chosen.sort();
  },
};

function requireClasses({ shape, values }: Column): void {
  if (shape.length === 0 && !isFloat(values)) return;
  throw new LockstepError(
    'usage',
    'expected one class for each example, which stratified splits go by, got numbers as targets',
    { hint: 'Split by random.' },
  );
}

/**
 * Divides `seats` in proportion to `counts`, by largest remainders (Hamilton's method): each gets its
 * quota `seats * count / sum` rounded down, then those with the largest remainders one more, the first
 * of equals first. So each gets its quota rounded down or up.
 *
 * @param seats in [0, sum of the counts]
 */
export function apportion(counts: readonly number[], seats: number): number[] {
  const sum = BigInt(counts.reduce((total, count) => total + count, 0));
  // As integers: rounded quotas would decide ties.
  const products = counts.map((count) => BigInt(count) * BigInt(seats));
  const given = products.map((product) => Number(product / sum));
  const open = seats - given.reduce((total, seat) => total + seat, 0);
  const byRemainder = products
    .map((product, index) => ({ index, remainder: product % sum }))
    .sort((a, b) => Number(b.remainder - a.remainder) || a.index - b.index);
  for (const { index } of byRemainder.slice(0, open)) given[index]! += 1;
  return given;
}
