import { imageShape } from '../../src/data/augmentations/image.js';
import { below } from './draws.js';
import type { AugmentationOp } from './op.js';
import { translate } from './translate.js';

export const shift: AugmentationOp<'shift'> = ({ pixels, fill }, input) => {
  const image = imageShape(input);
  const offset = (word: number) => below(2 * pixels + 1, word) - pixels;
  return (from, to, draws) => {
    const [down, right] = draws.block(0);
    translate(from, to, image, { down: offset(down!), right: offset(right!), fill });
    return to;
  };
};
