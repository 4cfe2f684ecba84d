import type { Fill } from '../../src/data/augmentations/fill.js';
import type { ImageShape } from '../../src/data/augmentations/image.js';
import { insideIndex, noPixel } from './outside.js';

/**
 * Moves an image by whole pixels.
 * @param down pixels, negative for up
 * @param right pixels, negative for left
 * @param to gets the moved image
 */
export function translate(
  from: Float64Array,
  to: Float64Array,
  { height, width, channels }: ImageShape,
  { down, right, fill }: { readonly down: number; readonly right: number; readonly fill: Fill },
): void {
  const blank = typeof fill === 'number' ? fill : 0;
  for (let row = 0, k = 0; row < height; row++) {
    const sourceRow = insideIndex(row - down, height, fill);
    for (let column = 0; column < width; column++) {
      const sourceColumn = insideIndex(column - right, width, fill);
      const isBlank = sourceRow === noPixel || sourceColumn === noPixel;
      let source = (sourceRow * width + sourceColumn) * channels;
      for (let channel = 0; channel < channels; channel++) {
        to[k++] = isBlank ? blank : from[source++]!;
      }
    }
  }
}
