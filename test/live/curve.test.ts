import { expect } from 'chai';
import fc from 'fast-check';
import {
  curveCourse,
  curvePoints,
  emptyCurve,
  extendCurve,
  lastPoint,
  pointAt,
} from '../../src/live/curve.js';

const curveOf = (values: readonly number[]) =>
  values.reduce(
    (curve, value, index) => extendCurve(curve, { step: index + 1, value }, 512),
    emptyCurve,
  );

describe('a curve of a run', () => {
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

  it('takes in a step that is trained again as the newest measurement only', () => {
    const curve = curveOf([3, 1, 2]);
    const again = extendCurve(curve, { step: 2, value: 1 }, 512);
    expect(again).to.deep.equal({ ...curve, latest: { step: 2, value: 1 } });
    const end = { step: 4, value: 5 };
    expect(extendCurve(again, end, 512)).to.deep.equal(curveOf([3, 1, 2, 5]));
  });

  it('gives its whole course in as many values as wanted, the last among them', () => {
    expect(curveCourse(curveOf([3, 1, 2]), 60)).to.deep.equal([3, 1, 2]);
    expect(curveCourse(emptyCurve, 60)).to.deep.equal([]);
    const course = curveCourse(curveOf(Array.from({ length: 6001 }, (_, at) => at)), 60);
    expect(course).to.have.length(60);
    expect(course.at(-1)).to.equal(6000);
    const gaps = course.slice(1).map((value, at) => value - course[at]!);
    expect(Math.max(...gaps) - Math.min(...gaps)).to.be.at.most(32);
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
