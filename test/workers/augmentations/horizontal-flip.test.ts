import { expect } from 'chai';
import { horizontalFlip } from '../../../workers/augmentations/horizontal-flip.js';
import { augmented, counted } from '../../support/augmented.js';
import { fixedDraws } from '../../support/fixed-draws.js';

const flip = (probability: number) =>
  horizontalFlip({ kind: 'horizontalFlip', probability }, [2, 3, 2]);

describe('horizontalFlip', () => {
  const image = counted([2, 3, 2]);
  const flipped = [5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8];

  it('swaps left and right and leaves rows and channels in their order', () => {
    expect(augmented(flip(0.5), image, fixedDraws(0.25))).to.deep.equal(flipped);
  });

  it('flips where the draw is below the probability', () => {
    expect(augmented(flip(0.25), image, fixedDraws(0.25))).to.deep.equal(image);
    expect(augmented(flip(0.25), image, fixedDraws(0.2499))).to.deep.equal(flipped);
  });

  it('flips all images or none where the probability is 1 or 0', () => {
    const largest = 1 - 2 ** -32;
    expect(augmented(flip(1), image, fixedDraws(largest))).to.deep.equal(flipped);
    expect(augmented(flip(0), image, fixedDraws(0))).to.deep.equal(image);
  });
});
