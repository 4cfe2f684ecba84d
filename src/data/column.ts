import type { Column, Examples, SharedValues, TargetKind } from '../protocol/index.js';
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

/** Targets of `n` examples as a network gets them: `[n]` int32 classes, or `[n, width]` float32. */
export type Targets = Int32Array | Float32Array;

/** An array for the targets of `n` examples of a column. */
export function targetArray(column: Column, kind: TargetKind, n: number): Targets {
  return kind === 'classes' ? new Int32Array(n) : new Float32Array(n * widthOf(column));
}

/**
 * Copies the targets of the examples at some positions.
 *
 * @param out {@link targetArray} of so many
 * @param indices `[n]` int32 positions in the column
 */
export function takeTargets(column: Column, out: Targets, indices: Int32Array): void {
  const { values } = column;
  const width = widthOf(column);
  for (let i = 0; i < indices.length; i++) {
    const start = indices[i]! * width;
    for (let k = 0; k < width; k++) out[i * width + k] = values[start + k]!;
  }
}

/** Whether the values are levels, which become numbers in [0, 1]. */
export function areLevels(values: SharedValues): values is Uint8Array<SharedArrayBuffer> {
  return values instanceof Uint8Array;
}
