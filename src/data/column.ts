import type { Column, Examples, SharedValues } from '../protocol/index.js';

/** How many values one example has. */
export function widthOf({ shape }: Pick<Column, 'shape'>): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The examples from position `from` up to `to`, in the same memory. */
export function sliceExamples({ inputs, targets }: Examples, from: number, to: number): Examples {
  return {
    count: to - from,
    inputs: sliceColumn(inputs, from, to),
    targets: sliceColumn(targets, from, to),
  };
}

function sliceColumn(column: Column, from: number, to: number): Column {
  const width = widthOf(column);
  return { ...column, values: column.values.subarray(from * width, to * width) };
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
