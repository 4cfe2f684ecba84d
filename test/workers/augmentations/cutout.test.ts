import { expect } from 'chai';
import { cutout } from '../../../workers/augmentations/cutout.js';
import { augmented, counted } from '../../support/augmented.js';
import { fixedDraws } from '../../support/fixed-draws.js';

describe('cutout', () => {
  const cut = (size: number, ...units: number[]) =>
    augmented(
      cutout({ kind: 'cutout', size, fill: 0 }, [4, 4, 1]),
      counted([4, 4, 1]),
      fixedDraws(...units),
    );

  it('blanks a square about a pixel', () => {
    expect(cut(2, 0.5, 0.25)).to.deep.equal([1, 2, 3, 4, 0, 0, 7, 8, 0, 0, 11, 12, 13, 14, 15, 16]);
    expect(cut(3, 0.25, 0.25)).to.deep.equal([0, 0, 0, 4, 0, 0, 0, 8, 0, 0, 0, 12, 13, 14, 15, 16]);
  });

  it('blanks what lies inside where the square reaches over an edge', () => {
    expect(cut(2, 0, 0)).to.deep.equal([0, ...counted([4, 4, 1]).slice(1)]);
    expect(cut(3, 0.99, 0.99)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0, 13, 14, 0, 0]);
  });

  it('fills all channels with the number asked for', () => {
    const colours = cutout({ kind: 'cutout', size: 1, fill: 0.5 }, [1, 2, 3]);
    expect(augmented(colours, counted([1, 2, 3]), fixedDraws(0, 0.5))).to.deep.equal([
      1, 2, 3, 0.5, 0.5, 0.5,
    ]);
  });
});
