import { imageShape } from '../../src/data/augmentations/image.js';
import { below } from './draws.js';
import type { AugmentationOp } from './op.js';

export const cutout: AugmentationOp<'cutout'> = ({ size, fill }, input) => {
  const { height, width, channels } = imageShape(input);
  const before = Math.floor(size / 2);
  return (values, _spare, draws) => {
    const [row, column] = draws.block(0);
    const top = below(height, row!) - before;
    const left = below(width, column!) - before;
    const [first, end] = [Math.max(0, left), Math.min(width, left + size)];
    for (let y = Math.max(0, top); y < Math.min(height, top + size); y++) {
      values.fill(fill, (y * width + first) * channels, (y * width + end) * channels);
    }
    return values;
  };
};
