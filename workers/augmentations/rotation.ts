import type { Fill } from '../../src/data/augmentations/fill.js';
import { imageShape } from '../../src/data/augmentations/image.js';
import type { ImageShape } from '../../src/data/augmentations/image.js';
import { unit } from './draws.js';
import type { AugmentationOp } from './op.js';
import { insideIndex, noPixel } from './outside.js';

export const rotation: AugmentationOp<'rotation'> = ({ degrees, fill }, input) => {
  const image = imageShape(input);
  return (from, to, draws) => {
    const angle = (2 * unit(draws.block(0)[0]!) - 1) * degrees;
    rotate(from, to, image, (angle * Math.PI) / 180, fill);
    return to;
  };
};

/**
 * Turns an image about its centre, counterclockwise as seen. Each pixel takes the value at the point it
 * comes from, interpolated between the four pixels around it; those outside the image have the fill's
 * values.
 * @param angle in radians
 */
export function rotate(
  from: Float64Array,
  to: Float64Array,
  { height, width, channels }: ImageShape,
  angle: number,
  fill: Fill,
): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [middleRow, middleColumn] = [(height - 1) / 2, (width - 1) / 2];
  const rowLength = width * channels;
  const blank = typeof fill === 'number' ? fill : 0;
  const at = (row: number, column: number) =>
    row === noPixel || column === noPixel ? noPixel : (row * width + column) * channels;
  for (let row = 0, k = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const y = row - middleRow;
      const x = column - middleColumn;
      const sourceRow = middleRow + cos * y + sin * x;
      const sourceColumn = middleColumn + cos * x - sin * y;
      const above = Math.floor(sourceRow);
      const left = Math.floor(sourceColumn);
      const v = sourceRow - above;
      const u = sourceColumn - left;
      // Most pixels have all four inside.
      if (above >= 0 && left >= 0 && above + 1 < height && left + 1 < width) {
        const start = (above * width + left) * channels;
        for (let nw = start; nw < start + channels; nw++) {
          const sw = nw + rowLength;
          to[k++] =
            (1 - v) * ((1 - u) * from[nw]! + u * from[nw + channels]!) +
            v * ((1 - u) * from[sw]! + u * from[sw + channels]!);
        }
        continue;
      }
      const top = insideIndex(above, height, fill);
      const bottom = insideIndex(above + 1, height, fill);
      const west = insideIndex(left, width, fill);
      const east = insideIndex(left + 1, width, fill);
      const northWest = at(top, west);
      const northEast = at(top, east);
      const southWest = at(bottom, west);
      const southEast = at(bottom, east);
      for (let channel = 0; channel < channels; channel++) {
        const nw = northWest === noPixel ? blank : from[northWest + channel]!;
        const ne = northEast === noPixel ? blank : from[northEast + channel]!;
        const sw = southWest === noPixel ? blank : from[southWest + channel]!;
        const se = southEast === noPixel ? blank : from[southEast + channel]!;
        to[k++] = (1 - v) * ((1 - u) * nw + u * ne) + v * ((1 - u) * sw + u * se);
      }
    }
  }
}
