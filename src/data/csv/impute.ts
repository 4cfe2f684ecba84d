import type { Column, Examples, Splits } from '../../protocol/index.js';
import { LockstepError } from '../../protocol/index.js';
import { widthOf } from '../column.js';
import { sharedLike } from '../values.js';

/** Inputs that one column of a table became. */
export interface Feature {
  readonly column: string;
  /** Position of its first input. */
  readonly start: number;
  /** Inputs; more than one are those of a category each. */
  readonly width: number;
  readonly isCategorical: boolean;
}

/** Statistics of a column's values that may stand in for missing ones. */
const statistics = { mean, median, mostFrequent } as const;
export type Statistic = keyof typeof statistics;

/**
 * Fills in missing inputs (NaN) from the training split alone, as scikit-learn's `SimpleImputer` does: by
 * a statistic of the column's numbers, or its most frequent category, the first of equals.
 *
 * @throws LockstepError `data` naming a column without a value to go by
 */
export function impute(splits: Splits, features: readonly Feature[], statistic: Statistic): Splits {
  const width = widthOf(splits.train.inputs);
  const fill = new Float64Array(width);
  for (const feature of features) {
    fill.set(standIn(splits.train.inputs, width, feature, statistic), feature.start);
  }
  const filled = (examples: Examples): Examples => ({
    ...examples,
    inputs: fillIn(examples.inputs, fill),
  });
  const { train, validation, test } = splits;
  return { train: filled(train), validation: filled(validation), test: filled(test) };
}

function standIn(
  { values }: Column,
  width: number,
  { column, start, width: inputs, isCategorical }: Feature,
  statistic: Statistic,
): readonly number[] {
  const known: number[] = [];
  for (let at = start; at < values.length; at += width) {
    const value = isCategorical ? categoryAt(values, at, inputs) : values[at]!;
    if (!Number.isNaN(value)) known.push(value);
  }
  if (known.length === 0) {
    throw new LockstepError(
      'data',
      `Expected values of the column ${column} in the training split, got none.`,
      { hint: 'Leave the column out of data.csv.features.' },
    );
  }
  if (!isCategorical) return [statistics[statistic](known)];
  const frequent = mostFrequent(known);
  return Array.from({ length: inputs }, (_, category) => (category === frequent ? 1 : 0));
}

function categoryAt(values: Column['values'], at: number, inputs: number): number {
  return Number.isNaN(values[at]) ? NaN : values.subarray(at, at + inputs).indexOf(1);
}

function fillIn(column: Column, fill: Float64Array): Column {
  const values = sharedLike(column.values, column.values.length);
  column.values.forEach((value, index) => {
    values[index] = Number.isNaN(value) ? fill[index % fill.length]! : value;
  });
  return { ...column, values };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle]!;
  return sorted.length % 2 === 1 ? upper : (sorted[middle - 1]! + upper) / 2;
}

/** The smallest of the most frequent values. */
function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [[winner]] = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b) as [
    [number, number],
  ];
  return winner;
}
