import { expect } from 'chai';
import fc from 'fast-check';
import { sweepPoints, sweptTexts } from '../../src/report/sweep-points.js';

const labels = (values: readonly unknown[]) =>
  sweepPoints({
    trials: values.map((value, index) => ({ index, point: { 'a.rate': value }, seed: 1 })),
  }).map(({ label }) => label);

describe('the label of a sweep point', () => {
  it('has whole numbers exactly', () => {
    expect(labels([1234567, 1234568])).to.deep.equal(['rate 1234567', 'rate 1234568']);
  });

  it('has six digits, or as many as tell the points apart', () => {
    expect(labels([0.123456789, 0.2])).to.deep.equal(['rate 0.123457', 'rate 0.2']);
    expect(labels([0.1, 0.1000001])).to.deep.equal(['rate 0.1', 'rate 0.1000001']);
  });

  it('quotes text that would read as a number', () => {
    expect(labels([1, '1', 'true', true, 'adam'])).to.deep.equal([
      'rate 1',
      'rate "1"',
      'rate "true"',
      'rate true',
      'rate adam',
    ]);
  });

  it('has the last names of folders where they tell them apart', () => {
    expect(labels(['/tables/iris', '/tables/wine'])).to.deep.equal(['rate iris', 'rate wine']);
    expect(labels(['/a/iris', '/b/iris'])).to.deep.equal(['rate /a/iris', 'rate /b/iris']);
    expect(labels(['/tables/iris', 'iris'])).to.deep.equal(['rate /tables/iris', 'rate iris']);
  });

  it('tells any two points apart', () => {
    const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
    fc.assert(
      fc.property(
        fc.uniqueArray(value, { maxLength: 20, comparator: (a, b) => a === b }),
        (values) => {
          const text = sweptTexts(values.map((v) => ({ x: v })));
          expect(new Set(values.map((v) => text('x', v))).size).to.equal(values.length);
        },
      ),
    );
  });
});
