import type { Fill } from '../../src/data/augmentations/fill.js';

/** Stands for no pixel: the fill is a number. */
export const noPixel = -1;

/**
 * The row (or column) that stands in for one which may lie outside the image; {@link noPixel} where a
 * number does.
 * @param length number of rows, or columns
 */
export function insideIndex(index: number, length: number, fill: Fill): number {
  if (index >= 0 && index < length) return index;
  if (fill === 'edge') return index < 0 ? 0 : length - 1;
  if (fill === 'reflect') return reflected(index, length);
  return noPixel;
}

/** Mirrored at the outermost pixels, which are not repeated, as often as need be. */
function reflected(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const phase = ((index % period) + period) % period;
  return phase < length ? phase : period - phase;
}
