import type { Column, Examples, SharedValues } from '../protocol/index.js';
import { sharedLike } from './values.js';

/** How many values one example has. */
export function widthOf({ shape }: Pick<Column, 'shape'>): number {
  return shape.reduce((product, length) => product * length, 1);
}

/**
 * The examples at some positions, in their order: in the same memory where they follow one another,
 * copied otherwise.
 *
 * @param positions ascending
 */
export function selectExamples({ inputs, targets }: Examples, positions: Int32Array): Examples {
  return {
    count: positions.length,
    inputs: selectRows(inputs, positions),
    targets: selectRows(targets, positions),
  };
}

function selectRows(column: Column, positions: Int32Array): Column {
  const { values } = column;
  const width = widthOf(column);
  const [from = 0] = positions;
  const to = (positions.at(-1) ?? from - 1) + 1;
  if (to - from === positions.length) {
    return { ...column, values: values.subarray(from * width, to * width) };
  }
  const selected = sharedLike(values, positions.length * width);
  positions.forEach((position, row) => {
    selected.set(values.subarray(position * width, (position + 1) * width), row * width);
  });
  return { ...column, values: selected };
}

/**
 * Copies the classes of the examples at some positions, as a network gets them.
 *
 * @param out `[n]` int32
 * @param indices `[n]` int32 positions in the column
 */
export function takeTargets({ values }: Column, out: Int32Array, indices: Int32Array): void {
  for (let i = 0; i < indices.length; i++) out[i] = values[indices[i]!]!;
}

/** Whether the values are levels, which become numbers in [0, 1]. */
export function areLevels(values: SharedValues): values is Uint8Array<SharedArrayBuffer> {
  return values instanceof Uint8Array;
}
