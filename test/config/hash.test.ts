import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { configHash } from '../../src/config/hash.js';
import { LockstepError } from '../../src/protocol/index.js';

describe('configHash', () => {
  it('is the SHA-256 of JSON with sorted keys', () => {
    const json = '{"a":[1,{"x":null,"y":true}],"b":"ü"}';
    const expected = createHash('sha256').update(json).digest('hex');
    expect(configHash({ b: 'ü', a: [1, { y: true, x: null }] })).to.equal(expected);
  });

  it('ignores the order of keys and keys without a value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(configHash({ ...reversed, absent: undefined })).to.equal(
          configHash({ ...value, absent: undefined }),
        );
      }),
    );
  });

  it('tells values, types and list orders apart', () => {
    const hashes = [{ a: 1 }, { a: '1' }, { a: [1, 2] }, { a: [2, 1] }, { b: 1 }].map(configHash);
    expect(new Set(hashes)).to.have.lengthOf(5);
  });

  it('refuses what JSON cannot hold', () => {
    expect(() => configHash({ a: NaN })).to.throw(LockstepError, 'expected JSON data to hash');
  });
});
