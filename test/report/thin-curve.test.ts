import { expect } from 'chai';
import fc from 'fast-check';
import { thinCurve } from '../../src/report/thin-curve.js';

const curve = (values: number[]) => ({ steps: values.map((_, i) => i + 1), values });

describe('thinCurve', () => {
  it('keeps order, highest and lowest and stays within its bound', () => {
    const values = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 300,
    });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 40 }), (all, buckets) => {
        const kept = thinCurve(curve(all), buckets);
        expect(kept.values.length).to.be.at.most(2 * buckets);
        expect(Math.max(...kept.values)).to.equal(Math.max(...all));
        expect(Math.min(...kept.values)).to.equal(Math.min(...all));
        expect(kept.steps).to.deep.equal([...kept.steps].sort((a, b) => a - b));
      }),
    );
  });

  it('leaves a gap where a whole run has no value, and hides none within one', () => {
    const half = Array.from({ length: 100 }, (_, i) => (i < 50 ? 1 : NaN));
    expect(thinCurve(curve(half), 4).values.some(Number.isNaN)).to.equal(true);
    const first = [NaN, ...Array.from({ length: 99 }, () => 2)];
    expect(thinCurve(curve(first), 4).values)
      .to.include(2)
      .and.not.include(NaN);
  });
});
