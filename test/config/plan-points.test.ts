import { expect } from 'chai';
import fc from 'fast-check';
import { countPoints, draw, planPoints } from '../../src/config/plan-points.js';
import type { SweepConfig } from '../../src/config/schema/sweep.js';

const random = (parameters: SweepConfig['parameters'], samples: number, seed = 1) =>
  planPoints({ method: 'random', samples, seed, parameters });

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('planPoints', () => {
  it('combines the values of a grid, the last parameter fastest, coupled ones as one', () => {
    const sweep: SweepConfig = {
      method: 'grid',
      seed: 1,
      parameters: {
        'training.steps': { values: [1, 2] },
        rates: {
          together: [
            { a: 0, b: 1 },
            { a: 1, b: 0 },
          ],
        },
      },
    };
    expect(countPoints(sweep)).to.equal(4);
    expect(planPoints(sweep)).to.deep.equal([
      { 'training.steps': 1, a: 0, b: 1 },
      { 'training.steps': 1, a: 1, b: 0 },
      { 'training.steps': 2, a: 0, b: 1 },
      { 'training.steps': 2, a: 1, b: 0 },
    ]);
  });

  it('takes what one space or one coupled item has and others lack as the configuration has it', () => {
    const momentum = { values: [0.5, 0.9] };
    const sweep: SweepConfig = {
      method: 'grid',
      seed: 1,
      parameters: [
        { rate: { values: [0.1, 0.2] } },
        { rate: { values: [0.1] }, momentum },
        { start: { together: [{}, { rate: 0.1 }, { rate: 0.3, warm: true }] } },
      ],
    };
    expect(countPoints(sweep)).to.equal(7);
    expect(planPoints(sweep)).to.deep.equal([
      { rate: 0.1 },
      { rate: 0.2 },
      { rate: 0.1, momentum: 0.5 },
      { rate: 0.1, momentum: 0.9 },
      {},
      { rate: 0.3, warm: true },
    ]);
  });

  it('draws each sample from one of several spaces, all as often', () => {
    const rate = { uniform: [0, 1] } as const;
    const sweep = { method: 'random', samples: 2000, seed: 1 } as const;
    const plain = { rate };
    const both = planPoints({
      ...sweep,
      parameters: [plain, { rate, momentum: { uniform: [0.5, 1] } }],
    });
    const conditional = both.filter((point) => 'momentum' in point);
    expect(conditional.length).to.be.within(900, 1100);
    for (const { momentum } of conditional) expect(momentum).to.be.within(0.5, 1);
    // The parameters' own draws stay as they are with one space.
    const rates = planPoints({ ...sweep, parameters: plain }).map((point) => point.rate);
    expect(both.map((point) => point.rate)).to.deep.equal(rates);
    expect(planPoints({ ...sweep, parameters: [plain] })).to.deep.equal(
      planPoints({ ...sweep, parameters: plain }),
    );
  });

  it('keeps each point once, however its keys are ordered', () => {
    const parameters = { x: { values: [1, { b: 1, a: 2 }, 1, { a: 2, b: 1 }] } };
    expect(planPoints({ method: 'grid', seed: 1, parameters })).to.deep.equal([
      { x: 1 },
      { x: { b: 1, a: 2 } },
    ]);
    expect(random({ x: { int: [1, 2] } }, 50)).to.have.length(2);
  });

  it('draws within the ranges', () => {
    const seeds = fc.nat();
    fc.assert(
      fc.property(seeds, (seed) => {
        const points = random(
          {
            real: { uniform: [-1, 2] },
            scale: { logUniform: [1e-5, 1e-1] },
            count: { int: [3, 5] },
            word: { values: ['a', 'b'] },
          },
          20,
          seed,
        );
        for (const { real, scale, count, word } of points) {
          expect(real).to.be.within(-1, 2).and.not.equal(2);
          expect(scale).to.be.within(1e-5, 1e-1).and.not.equal(1e-1);
          expect([3, 4, 5]).to.include(count);
          expect(['a', 'b']).to.include(word);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('draws from the widest ranges there are', () => {
    const wide = { uniform: [-1.7e308, 1.7e308] } as const;
    const deep = { logUniform: [1e-300, 1e300] } as const;
    const points = random({ wide, deep }, 2000);
    const wides = points.map((point) => point.wide as number);
    const exponents = points.map(({ deep: value }) => Math.log10(value as number));
    for (const values of [wides.map((value) => value / 1.7e308), exponents.map((e) => e / 300)]) {
      expect(values.every((value) => value >= -1 && value < 1)).to.equal(true);
      // Uniform on [-1, 1): mean 0, variance 1/3.
      expect(mean(values)).to.be.within(-0.05, 0.05);
      expect(mean(values.map((value) => value ** 2))).to.be.within(0.3, 0.36);
    }
    expect(new Set(wides).size).to.equal(2000);
  });

  it('stays in the narrowest ranges there are', () => {
    const next = 1 + Number.EPSILON;
    for (const [low, high] of [
      [1, next],
      [-next, -1],
      [-Number.MIN_VALUE, 0],
      [0, 5e-324],
    ] as const) {
      const parameter = { uniform: [low, high] } as const;
      expect(random({ x: parameter }, 20)).to.deep.equal([{ x: low }]);
      expect(draw(parameter, 1 - 2 ** -53)).to.equal(low);
    }
    // The largest number below the bound, not one far from it.
    expect(draw({ uniform: [0.5, 2] }, 1 - 2 ** -53)).to.be.within(2 - 2 ** -51, 2 - 2 ** -52);
    expect(draw({ logUniform: [1, 8] }, 1 - 2 ** -53)).to.be.within(8 - 2 ** -46, 8 - 2 ** -51);
  });

  it('reaches both ends of the widest whole numbers', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const parameter = { int: [-most, most] } as const;
    expect(draw(parameter, 0)).to.equal(-most);
    expect(draw(parameter, 1 - 2 ** -53)).to.be.within(most - 4, most);
    expect(draw({ int: [1, 3] }, 1 - 2 ** -53)).to.equal(3);
  });

  it('spreads log-uniform draws over the decades and reaches both ends of int', () => {
    const points = random({ scale: { logUniform: [1e-4, 1] }, n: { int: [0, 9] } }, 2000);
    const below = points.filter(({ scale }) => (scale as number) < 1e-2).length;
    expect(below).to.be.within(900, 1100);
    expect(new Set(points.map(({ n }) => n))).to.have.property('size', 10);
  });

  it('keeps earlier points when samples are added, and values when parameters are', () => {
    const x = { uniform: [0, 1] } as const;
    const few = random({ x }, 3);
    expect(random({ x }, 9).slice(0, 3)).to.deep.equal(few);
    const wider = random({ y: x, x }, 3);
    expect(wider.map((point) => point.x)).to.deep.equal(few.map((point) => point.x));
    expect(wider.map((point) => point.y)).not.to.deep.equal(wider.map((point) => point.x));
    expect(random({ x }, 3, 2)).not.to.deep.equal(few);
  });
});
