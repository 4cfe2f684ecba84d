import { LockstepError } from '../../protocol/errors.js';
import type { Shape } from '../../protocol/network-plan.js';

/** A square window that moves over an image. */
export interface Window {
  /** Height and width, in pixels. */
  readonly size: number;
  readonly strides: number;
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
): readonly [height: number, width: number] {
  if (padding === 'same') return [Math.ceil(height / strides), Math.ceil(width / strides)];
  if (size > height || size > width) {
    throw misfit(
      `an input of at least ${size}x${size} for its ${size}x${size} window without padding`,
      [height, width],
      'Make the window smaller or set padding: same.',
    );
  }
  const count = (length: number) => Math.floor((length - size) / strides) + 1;
  return [count(height), count(width)];
}

export function misfit(expected: string, got: Shape, hint: string): LockstepError {
  return new LockstepError('usage', `expected ${expected}, got [${got.join(', ')}]`, { hint });
}

/** How many values a tensor of this shape has. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}
