import type { Shape } from './network-plan.js';

/** The parts of a dataset: the first training examples are the validation split, the rest train. */
export const splitNames = ['train', 'validation', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

/** Numbers in memory that threads share. */
export type SharedValues =
  | Uint8Array<SharedArrayBuffer>
  | Int8Array<SharedArrayBuffer>
  | Int16Array<SharedArrayBuffer>
  | Int32Array<SharedArrayBuffer>
  | Float32Array<SharedArrayBuffer>
  | Float64Array<SharedArrayBuffer>;

/** One kind of value that every example of a split has, for instance its picture or its class. */
export interface Column {
  /** Of one example: `[28, 28, 1]` for a picture, `[]` for a class. */
  readonly shape: Shape;
  /** `[count, ...shape]`, row-major. */
  readonly values: SharedValues;
}

/** Examples to train or evaluate on. */
export interface Examples {
  readonly count: number;
  /** What a network gets: bytes as the 256 levels of [0, 1], other numbers as they are. */
  readonly inputs: Column;
  /** What it should answer: a class of each example, from 0, or one or more numbers. */
  readonly targets: Column;
}

/** The three splits of a dataset; all view the dataset's memory. */
export type Splits = Readonly<Record<SplitName, Examples>>;

/** Offset and scale of each input value, bytes taken as levels in [0, 1]: `z = (x - offset) / scale`. */
export interface LinearScaling {
  /** `[width]` float64, where `width` is the number of values of an example. */
  readonly offset: Float64Array;
  /** `[width]` float64, above 0. */
  readonly scale: Float64Array;
}
