import { expect } from 'chai';
import fc from 'fast-check';
import {
  formatLevel,
  formatMargin,
  formatterFor,
  partsFormatter,
} from '../../src/statistics/format-effect.js';

describe('formatterFor', () => {
  it('gives as many decimals as the uncertainty supports', () => {
    expect(formatterFor(0.57, [3.6123])(3.6123)).to.equal('3.6');
    expect(formatterFor(0.012, [0.2])(0.2)).to.equal('0.200');
  });

  it('adds decimals until nothing but 0 is shown as 0', () => {
    expect(formatterFor(0.5, [0.04, 0.54])(0.04)).to.equal('0.04');
    expect(formatterFor(0.5, [0, 0.54])(0)).to.equal('0.0');
  });

  it('gives the largest value as many significant digits as are asked for', () => {
    expect(formatterFor(0.3, [-0.2134, -0.51, 0.09], 3)(-0.2134)).to.equal('-0.213');
    expect(formatterFor(20, [134.61, 120, 150], 3)(134.61)).to.equal('135');
    expect(formatterFor(0, [0], 3)(0)).to.equal('0.0');
  });

  it('takes the rounding residue of differences that cancel for 0', () => {
    const values = [0.1 + 0.2 - 0.3, -24.84, 24.84];
    const format = formatterFor(24.84, values);
    expect(values.map(format)).to.deep.equal(['0', '-25', '25']);
  });
});

describe('partsFormatter', () => {
  it('shows as many decimals as make differences add up', () => {
    const parts = [18.75, 31.25, 12.5] as const;
    expect(partsFormatter(5, [parts])(parts)).to.deep.equal(['18.8', '31.3', '+12.5']);
    const whole = [19, 31, 12] as const;
    expect(partsFormatter(5, [whole])(whole)).to.deep.equal(['19', '31', '+12']);
  });

  it('always adds up', () => {
    const value = fc.double({ min: 0, max: 100, noNaN: true });
    const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(pairs, fc.double({ min: 0.001, max: 50, noNaN: true }), (all, uncertainty) => {
        const parts = all.map(([b, c]) => [b, c, c - b] as const);
        const format = partsFormatter(uncertainty, parts);
        for (const one of parts) {
          const [b, c, d] = format(one).map(Number) as [number, number, number];
          expect(c - b).to.be.closeTo(d, 1e-9);
          expect(d).to.be.closeTo(one[2], uncertainty);
        }
      }),
    );
  });
});

describe('formatMargin', () => {
  it('names the unit, in the singular for one', () => {
    expect(formatMargin(0.005, 'test.accuracy')).to.equal('0.5 points of test accuracy');
    expect(formatMargin(0.01, 'test.accuracy')).to.equal('1 point of test accuracy');
    expect(formatMargin(1, 'test.loss')).to.equal('1 of test loss');
  });
});

describe('formatLevel', () => {
  it('calls no confidence certain, however small alpha is', () => {
    expect([0.95, 1 - 2 * 0.05, 1 - 0.001, 1 - 1e-9].map(formatLevel)).to.deep.equal([
      '95%',
      '90%',
      '99.9%',
      '99.9999999%',
    ]);
    expect(formatLevel(1 - 1e-17)).to.equal('more than 99.9999999999%');
  });
});
