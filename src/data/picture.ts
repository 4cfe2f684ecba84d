import type { Column, SharedValues } from '../protocol/index.js';
import { areLevels, widthOf } from './column.js';

/** A picture for people. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  /** 1: grey, 3: red, green and blue. */
  readonly channels: 1 | 3;
  /** `[height, width, channels]` uint8, 0 is black. */
  readonly pixels: Uint8Array;
}

/**
 * An example's inputs as a picture; numbers other than bytes from the example's smallest (black) to its
 * largest (white).
 * @returns undefined where they do not have the shape of one
 */
export function pictureOf(inputs: Column, example: number): Picture | undefined {
  const [height, width, channels = 1] = inputs.shape;
  if (height === undefined || width === undefined || inputs.shape.length > 3) return undefined;
  if (channels !== 1 && channels !== 3) return undefined;
  const size = widthOf(inputs);
  const values = inputs.values.subarray(example * size, (example + 1) * size);
  return { height, width, channels, pixels: areLevels(values) ? values : toLevels(values) };
}

function toLevels(values: Exclude<SharedValues, Uint8Array>): Uint8Array {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const scale = high > low ? 255 / (high - low) : 0;
  return Uint8Array.from(values, (value) => Math.round((value - low) * scale));
}
