import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { statelessUniform } from '../../src/random/uniform.js';

interface Golden {
  readonly small: readonly { readonly seed: [number, number]; readonly values: number[] }[];
  readonly large: {
    readonly seed: [number, number];
    readonly size: number;
    readonly positions: number[];
    readonly values: number[];
    readonly sha256: string;
  };
}

/** Written by scripts/goldens/stateless_uniform.py. */
const golden = JSON.parse(readFileSync('test/random/uniform.golden.json', 'utf8')) as Golden;

describe('statelessUniform', () => {
  for (const { seed, values } of golden.small) {
    it(`draws TensorFlow's first ${values.length} values of the seed [${seed.join(', ')}]`, () => {
      const out = new Float32Array(values.length);
      statelessUniform(out, seed);
      expect([...out]).to.deep.equal(values);
    });
  }

  it("draws TensorFlow's values bit for bit when they are more than one thread's share", () => {
    const { seed, size, positions, values, sha256 } = golden.large;
    const out = new Float32Array(size);
    statelessUniform(out, seed);
    expect(positions.map((position) => out[position])).to.deep.equal(values);
    expect(createHash('sha256').update(new Uint8Array(out.buffer)).digest('hex')).to.equal(sha256);
  });

  it('draws the same values first, however many are drawn', () => {
    const few = new Float32Array(5);
    const many = new Float32Array(1000);
    statelessUniform(few, [7, 64]);
    statelessUniform(many, [7, 64]);
    expect([...few]).to.deep.equal([...many.subarray(0, 5)]);
  });
});
