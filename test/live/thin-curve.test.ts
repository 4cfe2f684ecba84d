import { expect } from 'chai';
import fc from 'fast-check';
import {
  curvePoints,
  emptyCurve,
  extendCurve,
  lastPoint,
  pointAt,
} from '../../src/live/thin-curve.js';

const curveOf = (values: readonly number[]) =>
  values.reduce((curve, value, index) => extendCurve(curve, index + 1, value), emptyCurve);

describe('a thin curve', () => {
  it('has every point while there are few', () => {
    expect(curvePoints(curveOf([3, 1, 2]))).to.deep.equal([
      [1, 3],
      [2, 1],
      [3, 2],
    ]);
    expect(lastPoint(emptyCurve)).to.equal(undefined);
  });

  it('stays small and keeps the extremes and the last value, however long', () => {
    const values = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 5000 });
    fc.assert(
      fc.property(values, (all) => {
        const curve = curveOf(all);
        const points = curvePoints(curve);
        expect(points.length).to.be.at.most(2 * 513);
        const heights = points.map(([, value]) => value);
        const finite = all.filter(Number.isFinite);
        if (finite.length > 0) {
          const drawn = heights.filter(Number.isFinite);
          expect(Math.min(...drawn)).to.equal(Math.min(...finite));
          expect(Math.max(...drawn)).to.equal(Math.max(...finite));
        }
        const steps = points.map(([step]) => step);
        expect(steps).to.deep.equal([...steps].sort((a, b) => a - b));
        expect(lastPoint(curve)).to.deep.equal({ step: all.length, value: all.at(-1) });
      }),
      { numRuns: 50 },
    );
  });

  it('knows the values of every multiple of its stride, and no others', () => {
    const curve = curveOf(Array.from({ length: 3000 }, (_, index) => index * index));
    expect(curve.stride).to.equal(8);
    expect(pointAt(curve, 1600)).to.deep.equal({ step: 1600, value: 1599 * 1599 });
    expect(pointAt(curve, 3000)).to.deep.equal({ step: 3000, value: 2999 * 2999 });
    expect([0, 1601, 3008].map((count) => pointAt(curve, count))).to.deep.equal(
      Array(3).fill(undefined),
    );
  });
});
