import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { learningRateAt } from '../../src/model/schedules.js';
import type { ScheduleSpec } from '../../src/model/schedules.js';
import { expectClose } from '../support/close.js';

/** Written by scripts/goldens/schedules.py, with Keras's own schedules. */
const golden = JSON.parse(readFileSync('test/model/schedules.golden.json', 'utf8')) as {
  readonly steps: number;
  readonly learningRate: number;
  readonly cases: readonly { readonly schedule: ScheduleSpec; readonly rates: readonly number[] }[];
};

function ratesOf(schedule: ScheduleSpec, { learningRate = 1, steps = 10 } = {}): number[] {
  return Array.from({ length: steps }, (_, index) =>
    learningRateAt({ learningRate, schedule }, index + 1, steps),
  );
}

describe('learningRateAt', () => {
  for (const { schedule, rates } of golden.cases) {
    it(`is that of Keras: ${JSON.stringify(schedule)}`, () => {
      expectClose(ratesOf(schedule, golden), rates, 1e-6);
    });
  }

  it('is the learning rate itself without a schedule, and with a constant one', () => {
    expect(learningRateAt({ learningRate: 0.3 }, 7, 10)).to.equal(0.3);
    expect(ratesOf({ kind: 'constant', warmup: 0 })).to.deep.equal(Array(10).fill(1));
  });

  it('rises from 0 in the warm-up, after which every schedule begins at 1', () => {
    const schedules: ScheduleSpec[] = [
      { kind: 'constant', warmup: 4 },
      { kind: 'linear', end: 0, warmup: 4 },
      { kind: 'cosine', end: 0, warmup: 4 },
      { kind: 'step', factor: 0.1, at: [1], warmup: 4 },
      { kind: 'exponential', factor: 0.1, every: 1, warmup: 4 },
    ];
    for (const schedule of schedules) {
      expect(ratesOf(schedule).slice(0, 5), schedule.kind).to.deep.equal([0, 0.25, 0.5, 0.75, 1]);
    }
  });

  it('counts what comes after the warm-up from its end', () => {
    const step: ScheduleSpec = { kind: 'step', factor: 0.5, at: [2, 3], warmup: 2 };
    expect(ratesOf(step, { steps: 7 })).to.deep.equal([0, 0.5, 1, 1, 0.5, 0.25, 0.25]);
    const linear: ScheduleSpec = { kind: 'linear', end: 0.5, warmup: 2 };
    expect(ratesOf(linear, { steps: 6 })).to.deep.equal([0, 0.5, 1, 0.875, 0.75, 0.625]);
  });

  it('stays within the learning rate, above the end, and never rises after the warm-up', () => {
    const schedule = fc.oneof(
      ...(['linear', 'cosine'] as const).map((kind) =>
        fc.record({
          kind: fc.constant(kind),
          end: fc.double({ min: 0, max: 1, noNaN: true }),
          steps: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
          warmup: fc.nat(60),
        }),
      ),
    );
    fc.assert(
      fc.property(schedule, fc.integer({ min: 1, max: 50 }), (spec, steps) => {
        const rates = ratesOf(spec, { steps });
        for (const [index, rate] of rates.entries()) {
          expect(rate).to.be.within(0, 1);
          if (index < spec.warmup) continue;
          expect(rate).to.be.at.least(spec.end - 1e-12);
          if (index > spec.warmup) expect(rate).to.be.at.most(rates[index - 1]! + 1e-12);
        }
      }),
    );
  });
});
