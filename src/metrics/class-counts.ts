import type { Sums } from '../protocol/index.js';
import { vectorIn } from '../protocol/sums.js';

/** Of one class: how many examples are of it, are predicted as it, and both. */
export interface ClassCounts {
  readonly actual: number;
  readonly predicted: number;
  readonly hits: number;
}

/** The counts of every class. */
export function classCounts(sums: Sums): ClassCounts[] {
  const [actual, predicted] = [vectorIn(sums, 'classActual'), vectorIn(sums, 'classPredicted')];
  return vectorIn(sums, 'classHits').map((hits, index) => {
    return { actual: actual[index]!, predicted: predicted[index]!, hits };
  });
}

/** Mean of the values that are not NaN; NaN where all are. */
export function meanOfPresent(values: readonly number[]): number {
  const present = values.filter((value) => !Number.isNaN(value));
  return present.reduce((sum, value) => sum + value, 0) / present.length;
}
