import { LockstepError } from '../protocol/index.js';
import type { SharedValues } from '../protocol/index.js';
import type { Part, ReadColumn } from './dataset.js';

/** An array whose first axis counts examples, as a file gave it. */
export interface ReadArray {
  /** Lengths of all axes. */
  readonly shape: readonly number[];
  /** `[...shape]`, row-major. */
  readonly values: SharedValues;
  /**
   * Position of the first value in the (unpacked) file, in bytes; absent where the values do not stand there as
   * they are here.
   */
  readonly start?: number | undefined;
}

/**
 * A file's array as a column: `[n, height, width]` gets one channel, `[n, 1]` labels lose their axis.
 *
 * @throws LockstepError `data` when it has no axis for examples, too few or too many others, or is empty
 */
export function columnOf(
  { shape: axes, values, start }: ReadArray,
  part: Part,
  file: string,
): ReadColumn {
  const [count, ...shape] = axes;
  const isInputs = part.endsWith('.inputs');
  const got = `[${axes.join(', ')}]`;
  if (count === undefined || (isInputs && (shape.length === 0 || shape.length > 3))) {
    const expected = isInputs
      ? '[examples, features], [examples, height, width] or [examples, height, width, channels]'
      : '[examples]';
    throw new LockstepError('data', `Expected the shape ${expected} in ${file}, got ${got}.`, {
      hint:
        isInputs && shape.length === 0
          ? 'These may be labels: the files were probably swapped.'
          : 'Use one array of inputs and one of labels for each of training and test.',
    });
  }
  if (isInputs && shape.includes(0)) {
    throw new LockstepError(
      'data',
      `Expected at least one number an example in ${file}, got the shape ${got}.`,
      { hint: 'Replace the file with one that has inputs.' },
    );
  }
  const column = { count, values, start, file };
  if (isInputs) return { ...column, shape: shape.length === 2 ? [...shape, 1] : shape };
  return { ...column, shape: shape.length === 1 && shape[0] === 1 ? [] : shape };
}
