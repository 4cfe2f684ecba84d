import { expect } from 'chai';
import { formatLevel, formatMargin, formatterFor } from '../../src/statistics/format-effect.js';

describe('formatterFor', () => {
  it('gives as many decimals as the uncertainty supports', () => {
    expect(formatterFor(0.57, [3.6123])(3.6123)).to.equal('3.6');
    expect(formatterFor(0.012, [0.2])(0.2)).to.equal('0.200');
  });

  it('adds decimals until nothing but 0 is shown as 0', () => {
    expect(formatterFor(0.5, [0.04, 0.54])(0.04)).to.equal('0.04');
    expect(formatterFor(0.5, [0, 0.54])(0)).to.equal('0.0');
  });

  it('takes the rounding residue of differences that cancel for 0', () => {
    const values = [0.1 + 0.2 - 0.3, -24.84, 24.84];
    const format = formatterFor(24.84, values);
    expect(values.map(format)).to.deep.equal(['0', '-25', '25']);
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
