import { expect } from 'chai';
import { stepFlops } from '../../src/bench/flops.js';
import { timingOf } from '../../src/bench/timing.js';
import type { LogRecord } from '../../src/log/records.js';
import { smallVariant } from '../support/variants.js';

function step(time: number, a: [number, number], b: [number, number]): LogRecord {
  const variant = ([trainMs, evalMs]: [number, number]) => ({ trainMs, evalMs });
  const record = { event: 'step', time, variants: { a: variant(a), b: variant(b) } };
  return record as unknown as LogRecord;
}

describe('timingOf', () => {
  const log = [
    { event: 'trial.start', time: 0 } as unknown as LogRecord,
    step(1000, [900, 900], [900, 900]),
    step(1100, [60, 20], [70, 20]),
    step(1200, [62, 18], [80, 20]),
  ];

  it('splits a paired step into the variants and what is left of the slowest', () => {
    expect(timingOf(log, 1)).to.deep.equal({
      steps: 2,
      paired: 100,
      variants: { a: { train: 61, evaluate: 19 }, b: { train: 75, evaluate: 20 } },
      orchestration: 5,
    });
  });

  it('refuses a log with no step beyond the warm-up', () => {
    expect(() => timingOf(log, 3)).to.throw(RangeError, 'got 3');
  });
});

describe('stepFlops', () => {
  it('counts three passes of the first layer and four of every other', () => {
    const convolution = 2 * 5 * 64 * (3 * 3 * 1 * 4);
    const dense = 2 * 5 * (64 * 6 + 6 * 3);
    expect(stepFlops(smallVariant(), [8, 8, 1], 5)).to.equal(3 * convolution + 4 * dense);
  });
});
