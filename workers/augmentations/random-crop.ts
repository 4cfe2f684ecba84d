import { imageShape } from '../../src/data/augmentations/image.js';
import { below } from './draws.js';
import type { AugmentationOp } from './op.js';
import { translate } from './translate.js';

/** The window at (top, left) of the padded image is the image moved by padding - (top, left). */
export const randomCrop: AugmentationOp<'randomCrop'> = ({ padding, fill }, input) => {
  const image = imageShape(input);
  const place = (word: number) => below(2 * padding + 1, word);
  return (from, to, draws) => {
    const [top, left] = draws.block(0);
    const down = padding - place(top!);
    const right = padding - place(left!);
    translate(from, to, image, { down, right, fill });
    return to;
  };
};
