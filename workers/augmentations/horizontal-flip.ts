import { imageShape } from '../../src/data/augmentations/image.js';
import { unit } from './draws.js';
import type { AugmentationOp } from './op.js';

export const horizontalFlip: AugmentationOp<'horizontalFlip'> = ({ probability }, input) => {
  const { height, width, channels } = imageShape(input);
  return (from, to, draws) => {
    if (unit(draws.block(0)[0]!) >= probability) return from;
    for (let row = 0, k = 0; row < height; row++) {
      for (let column = width - 1; column >= 0; column--) {
        let source = (row * width + column) * channels;
        for (let channel = 0; channel < channels; channel++) to[k++] = from[source++]!;
      }
    }
    return to;
  };
};
