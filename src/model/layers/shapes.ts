import { LockstepError } from '../../protocol/errors.js';
import type { Shape } from '../../protocol/network-plan.js';

/** Of something along both directions of an image, in pixels. */
export type Pair = readonly [height: number, width: number];

/** Both directions alike unless told apart. */
export function pairOf(size: number | Pair): Pair {
  return typeof size === 'number' ? [size, size] : size;
}

/** A window that moves over an image. */
export interface Window {
  readonly size: Pair;
  readonly strides: Pair;
  readonly padding: 'same' | 'valid';
}

/** @throws LockstepError `usage` when the shape is not an image's */
export function requireImage(
  shape: Shape,
): readonly [height: number, width: number, channels: number] {
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined) {
    throw misfit('an image [height, width, channels]', shape, 'Move it before the flatten layer.');
  }
  return [height, width, channels];
}

/**
 * Height and width of what a window gives: TensorFlow's SAME and VALID.
 * @throws LockstepError `usage` when a window without padding is larger than the image
 */
export function windowedSize(
  height: number,
  width: number,
  { size, strides, padding }: Window,
): Pair {
  if (padding === 'same') return [Math.ceil(height / strides[0]), Math.ceil(width / strides[1])];
  if (size[0] > height || size[1] > width) {
    const window = size.join('x');
    throw misfit(
      `an input of at least ${window} for its ${window} window without padding`,
      [height, width],
      'Make the window smaller or set padding: same.',
    );
  }
  const count = (length: number, axis: 0 | 1) =>
    Math.floor((length - size[axis]) / strides[axis]) + 1;
  return [count(height, 0), count(width, 1)];
}

/**
 * Strides of a 1x1 window with padding that make one image as large as another.
 * @returns undefined where there are none
 */
export function projectionStrides(input: Shape, output: Shape): Pair | undefined {
  const strides = [0, 1].map((axis) => Math.ceil(input[axis]! / output[axis]!));
  const fits = strides.every((stride, axis) => Math.ceil(input[axis]! / stride) === output[axis]);
  return fits ? (strides as unknown as Pair) : undefined;
}

/** @param key the setting that does not fit, if one can be blamed */
export function misfit(expected: string, got: Shape, hint: string, key?: string): LockstepError {
  const path = key === undefined ? [] : [key];
  const found = got.length === 1 && key !== undefined ? got[0] : `[${got.join(', ')}]`;
  return new LockstepError('usage', `expected ${expected}, got ${found}`, { hint, path });
}

/** How many values a tensor of this shape has. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}
