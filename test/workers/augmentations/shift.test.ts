import { expect } from 'chai';
import type { Fill } from '../../../src/data/augmentations/fill.js';
import { randomCrop } from '../../../workers/augmentations/random-crop.js';
import { shift } from '../../../workers/augmentations/shift.js';
import { augmented, counted } from '../../support/augmented.js';
import { fixedDraws } from '../../support/fixed-draws.js';

const image = counted([3, 3, 1]);
const moved = (fill: Fill, ...units: number[]) =>
  augmented(shift({ kind: 'shift', pixels: 2, fill }, [3, 3, 1]), image, fixedDraws(...units));

describe('shift', () => {
  it('moves the image down and right, or up and left, by whole pixels', () => {
    // Of five offsets from -2 to 2 the draws take one each: 0.7 is 1 and 0.1 is -2.
    expect(moved(0, 0.7, 0.1)).to.deep.equal([0, 0, 0, 3, 0, 0, 6, 0, 0]);
    expect(moved(-1, 0.3, 0.5)).to.deep.equal([4, 5, 6, 7, 8, 9, -1, -1, -1]);
  });

  it('takes what comes in from the edge or the mirrored image', () => {
    expect(moved('edge', 0.7, 0.1)).to.deep.equal([3, 3, 3, 3, 3, 3, 6, 6, 6]);
    expect(moved('reflect', 0.7, 0.1)).to.deep.equal([6, 5, 4, 3, 2, 1, 6, 5, 4]);
  });

  it('moves by each offset as often, the largest ones included', () => {
    const row = shift({ kind: 'shift', pixels: 2, fill: 0 }, [1, 5, 1]);
    const places = [0, 0.3, 0.5, 0.7, 0.9].map((unit) =>
      augmented(row, [0, 0, 1, 0, 0], fixedDraws(0.5, unit)).indexOf(1),
    );
    expect(places).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it('keeps the channels of a pixel together', () => {
    const colours = shift({ kind: 'shift', pixels: 1, fill: 9 }, [1, 3, 2]);
    expect(augmented(colours, counted([1, 3, 2]), fixedDraws(0.5, 0.9))).to.deep.equal([
      9, 9, 1, 2, 3, 4,
    ]);
  });
});

describe('randomCrop', () => {
  const crop = (fill: Fill, ...units: number[]) =>
    augmented(
      randomCrop({ kind: 'randomCrop', padding: 1, fill }, [3, 3, 1]),
      image,
      fixedDraws(...units),
    );

  it('takes a window of the original size from the padded image', () => {
    expect(crop(0, 0, 0)).to.deep.equal([0, 0, 0, 0, 1, 2, 0, 4, 5]);
    expect(crop(0, 0.5, 0.5)).to.deep.equal(image);
    expect(crop(0, 0.99, 0)).to.deep.equal([0, 4, 5, 0, 7, 8, 0, 0, 0]);
  });

  it('pads with the edge or the mirrored image, as numpy.pad does', () => {
    expect(crop('edge', 0, 0)).to.deep.equal([1, 1, 2, 1, 1, 2, 4, 4, 5]);
    expect(crop('reflect', 0, 0)).to.deep.equal([5, 4, 5, 2, 1, 2, 5, 4, 5]);
  });
});
