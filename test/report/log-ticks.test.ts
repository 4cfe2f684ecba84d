import { expect } from 'chai';
import fc from 'fast-check';
import { logTicks } from '../../src/report/log-ticks.js';

describe('logTicks', () => {
  it('takes round values, fewer of them the wider the span', () => {
    expect(logTicks(0.15, 3.2)).to.deep.equal([0.2, 0.3, 0.5, 1, 2, 3]);
    expect(logTicks(0.95, 5)).to.deep.equal([1, 2, 3, 4, 5]);
    expect(logTicks(0.01, 10)).to.deep.equal([0.01, 0.1, 1, 10]);
    expect(logTicks(0.51, 0.58)).to.equal(undefined);
  });

  it('gives two to nine ticks inside any span, in order', () => {
    const positive = fc.double({ min: 1e-30, max: 1e30, noNaN: true });
    fc.assert(
      fc.property(positive, fc.double({ min: 1.01, max: 1e30, noNaN: true }), (low, ratio) => {
        const high = low * ratio;
        const ticks = logTicks(low, high) ?? [low, high];
        expect(ticks.length).to.be.within(2, 9);
        expect(ticks.every((tick) => tick >= low && tick <= high)).to.equal(true);
        expect(ticks).to.deep.equal([...ticks].sort((a, b) => a - b));
      }),
    );
  });
});
