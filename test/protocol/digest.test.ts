import { expect } from 'chai';
import { digest } from '../../src/protocol/digest.js';

/** Expected values are of Python's `xxhash.xxh64(...).hexdigest()`, of the arrays' bytes. */
describe('digest', () => {
  it('is XXH64 of the bytes of an array', () => {
    expect(digest(new Int32Array(0))).to.equal('ef46db3751d8e999');
    expect(digest(Int32Array.of(0, 1, -1, 59999))).to.equal('648a27ef61bbe148');
    const floats = Float32Array.from({ length: 40 }, (_, index) => index / 8);
    expect(digest(floats)).to.equal('1a22a93ad6b23663');
  });

  it('is 16 digits long whatever it starts with', () => {
    expect(digest(Int32Array.of(23))).to.equal('00a7a57f0063f1d3');
  });

  it('digests a view into shared memory, and no more than that', () => {
    const shared = new Int32Array(new SharedArrayBuffer(24));
    shared.set([9, 0, 1, -1, 59999, 9]);
    expect(digest(shared.subarray(1, 5))).to.equal('648a27ef61bbe148');
  });
});
