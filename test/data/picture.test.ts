import { expect } from 'chai';
import { pictureOf } from '../../src/data/picture.js';
import { shared } from '../support/examples.js';

describe('pictureOf', () => {
  it('is the bytes of an example that has the shape of a grey or colour picture', () => {
    const bytes = shared(Uint8Array, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const size = { height: 1, width: 2 };
    for (const [shape, channels] of [
      [[1, 2], 1],
      [[1, 2, 1], 1],
      [[1, 2, 3], 3],
    ] as const) {
      const picture = pictureOf({ shape, values: bytes }, 1);
      const pixels = bytes.slice(2 * channels, 4 * channels);
      expect(picture).to.deep.equal({ ...size, channels, pixels });
    }
  });

  it('spreads other numbers from black to white, and draws equal ones black', () => {
    const values = shared(Float32Array, [-1, 0, 1, 3, 7, 7, 7, 7]);
    const pixelsOf = (example: number) =>
      Array.from(pictureOf({ shape: [2, 2, 1], values }, example)!.pixels);
    expect(pixelsOf(0)).to.deep.equal([0, 64, 128, 255]);
    expect(pixelsOf(1)).to.deep.equal([0, 0, 0, 0]);
  });

  it('is none of features, of other channels or of more axes', () => {
    const values = shared(Uint8Array, new Array<number>(32).fill(1));
    for (const shape of [[32], [4, 4, 2], [2, 2, 2, 1]]) {
      expect(pictureOf({ shape, values }, 0)).to.equal(undefined);
    }
  });
});
