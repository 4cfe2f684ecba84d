import { expect } from 'chai';
import fc from 'fast-check';
import { statelessUniform } from '../../src/random/uniform.js';
import { pairedT } from '../../src/statistics/paired-t.js';
import { signFlipTest } from '../../src/statistics/sign-tests.js';
import { wilcoxon } from '../../src/statistics/signed-rank.js';

const differences = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 12 });

describe('paired tests', () => {
  it('do not care about the sign of all differences nor the order of the pairs', () => {
    fc.assert(
      fc.property(differences, (ds) => {
        const turned = ds.map((d) => 0 - d).reverse();
        expect(signFlipTest(turned)).to.deep.equal(signFlipTest(ds));
        const [a, b] = [wilcoxon(ds), wilcoxon(turned)];
        expect(a.computable && a.p).to.equal(b.computable && b.p);
      }),
    );
  });

  it('give sign-flip p that count all sign patterns', () => {
    fc.assert(
      fc.property(differences, (ds) => {
        const observed = Math.abs(ds.reduce((a, b) => a + b, 0));
        let hits = 0;
        for (let mask = 0; mask < 2 ** ds.length; mask++) {
          const flipped = ds.reduce((total, d, i) => total + ((mask >> i) & 1 ? d : -d), 0);
          if (Math.abs(flipped) >= observed) hits++;
        }
        expect(signFlipTest(ds)).to.include({ p: hits / 2 ** ds.length, method: 'exact' });
      }),
    );
  });

  it('draw the same random patterns for the same differences beyond 40 pairs', () => {
    const many = Array.from({ length: 41 }, (_, i) => Math.sin(i) + 0.1);
    const first = signFlipTest(many);
    expect(first).to.include({ computable: true, method: 'monteCarlo' });
    expect(signFlipTest(many)).to.deep.equal(first);
  });

  for (const pairs of [3, 5, 10, 20]) {
    it(`cover the true mean in 95% of samples of ${pairs} pairs`, () => {
      const trials = 4000;
      const uniform = new Float32Array(12 * pairs);
      let covered = 0;
      for (let trial = 0; trial < trials; trial++) {
        statelessUniform(uniform, [pairs, trial]);
        // Sums of twelve uniform numbers are near normal with mean 6.
        const ds = Array.from({ length: pairs }, (_, i) =>
          uniform.subarray(12 * i, 12 * i + 12).reduce((sum, x) => sum + x, -6),
        );
        const test = pairedT(ds, 0.95);
        if (test.computable && test.interval.low <= 0 && test.interval.high >= 0) covered++;
      }
      expect(covered / trials).to.be.within(0.94, 0.96);
    });
  }
});
