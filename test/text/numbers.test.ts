import { expect } from 'chai';
import fc from 'fast-check';
import {
  accuracyFormat,
  count,
  formatC,
  formatClock,
  formatDuration,
  formatNumber,
  lossDifferenceFormat,
  lossFormat,
  signed,
} from '../../src/text/numbers.js';

describe('formatC', () => {
  // Written by C's printf and by Python's % operator, which agree.
  const golden: [number, number, string][] = [
    [2.008754, 6, '2.008754'],
    [45 / 128, 5, '0.35156'],
    [50 / 128, 5, '0.39062'],
    [46 / 128, 5, '0.35938'],
    [2 / 128, 5, '0.01562'],
    [-50 / 128, 5, '-0.39062'],
    [469 / 512, 6, '0.916016'],
    [0.0000005, 6, '0.000000'],
    [1.0000005, 6, '1.000001'],
    [0.15, 1, '0.1'],
    [0.25, 1, '0.2'],
    [0.35, 1, '0.3'],
    [2.5, 1, '2.5'],
    [-0, 6, '-0.000000'],
    [1e22, 6, '10000000000000000000000.000000'],
    [5e-324, 5, '0.00000'],
    [NaN, 6, 'nan'],
    [Infinity, 6, 'inf'],
    [-Infinity, 6, '-inf'],
  ];
  for (const [value, decimals, text] of golden) {
    it(`writes ${value} with ${decimals} decimals as ${text}`, () => {
      expect(formatC(value, decimals)).to.equal(text);
    });
  }

  it('rounds every tie to the even neighbour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (n) => {
        // n/32 has five decimals; the odd ones tie at four.
        const text = formatC((2 * n + 1) / 32, 4);
        expect(Number(text.at(-1)) % 2).to.equal(0);
        expect(Math.abs(Number(text) - (2 * n + 1) / 32)).to.be.at.most(0.5000001e-4);
      }),
    );
  });

  it('is never further than half a unit of the last digit from the value', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        expect(Math.abs(Number(formatC(value, 6)) - value)).to.be.at.most(0.5000001e-6);
      }),
    );
  });
});

describe('formatNumber', () => {
  it('takes exactly its width whatever the number', () => {
    fc.assert(
      fc.property(
        fc.double(),
        fc.constantFrom(lossFormat, accuracyFormat, lossDifferenceFormat),
        (value, format) => {
          expect(formatNumber(value, format)).to.have.lengthOf(format.width);
        },
      ),
    );
  });

  it('gives up decimals, then digits, for large numbers', () => {
    expect(formatNumber(2.0087541, lossFormat)).to.equal(' 2.008754');
    expect(formatNumber(123.456789, lossFormat)).to.equal('123.45679');
    expect(formatNumber(12345678901, lossFormat)).to.equal(' 1.23e+10');
    expect(formatNumber(-1.5e300, { width: 7, decimals: 5 })).to.equal('-2e+300');
  });

  it('shows the sign of differences, and none for zero', () => {
    expect(formatNumber(0.25, lossDifferenceFormat)).to.equal(' +0.250000');
    expect(formatNumber(-0.25, lossDifferenceFormat)).to.equal(' -0.250000');
    expect(formatNumber(0, lossDifferenceFormat)).to.equal('  0.000000');
  });

  it('spells out what is not finite', () => {
    expect(formatNumber(NaN, lossFormat)).to.equal('      NaN');
    expect(formatNumber(Infinity, lossDifferenceFormat)).to.equal('      +Inf');
    expect(formatNumber(-Infinity, lossFormat)).to.equal('     -Inf');
  });
});

describe('formatClock and formatDuration', () => {
  it('shows minutes always and hours when there are any', () => {
    expect(formatClock(0)).to.equal('0:00');
    expect(formatClock(59_600)).to.equal('1:00');
    expect(formatClock(3_725_000)).to.equal('1:02:05');
    expect(formatClock(-5)).to.equal('0:00');
  });

  it('shows fewer digits the longer it took', () => {
    expect(formatDuration(420)).to.equal('0.42 s');
    expect(formatDuration(12_340)).to.equal('12.3 s');
    expect(formatDuration(125_000)).to.equal('2:05');
  });
});

describe('count', () => {
  it('takes the singular for one only', () => {
    expect([0, 1, 2, 100_000].map((n) => count(n, 'seed'))).to.deep.equal([
      '0 seeds',
      '1 seed',
      '2 seeds',
      '100,000 seeds',
    ]);
    expect(count(2, 'entry', 'entries')).to.equal('2 entries');
  });
});

describe('signed', () => {
  it('marks what is above 0 as shown', () => {
    expect(['1.5', '0.00', '-2', '1e+9', '–'].map(signed)).to.deep.equal([
      '+1.5',
      '0.00',
      '-2',
      '+1e+9',
      '–',
    ]);
  });
});
