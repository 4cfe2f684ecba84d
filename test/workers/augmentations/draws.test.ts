import { expect } from 'chai';
import { normalBlock } from '../../../src/random/normal.js';
import { CountedDraws } from '../../../workers/augmentations/draws.js';

describe('CountedDraws', () => {
  it('draws the normal numbers of the blocks in order, wherever they end', () => {
    // More than are drawn at once, and not a multiple of what is.
    for (const [seed, size] of [
      [1, 9001],
      [-2147483648, 3],
    ] as const) {
      const draws = new CountedDraws(seed).moveTo(7, 31, 2);
      const drawn = new Float64Array(size);
      draws.normals(drawn);
      const block = new Float64Array(4);
      drawn.forEach((z, k) => {
        if (k % 4 === 0) normalBlock(draws.block(k / 4), block);
        expect(z).to.be.closeTo(block[k % 4]!, 1e-14);
      });
    }
  });

  it('draws other numbers at every step, position and augmentation, and the same ones again', () => {
    const draws = new CountedDraws(5);
    const firstOf = (...place: [number, number, number]) => {
      const out = new Float64Array(1);
      draws.moveTo(...place).normals(out);
      return out[0]!;
    };
    const places = [
      [1, 0, 0],
      [2, 0, 0],
      [1, 1, 0],
      [1, 0, 1],
    ] as [number, number, number][];
    const first = places.map((place) => firstOf(...place));
    expect(new Set(first)).to.have.lengthOf(places.length);
    expect(places.map((place) => firstOf(...place))).to.deep.equal(first);
  });
});
