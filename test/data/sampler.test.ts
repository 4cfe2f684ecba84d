import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { createSampler, epochPermutation } from '../../src/data/sampler.js';
import { expectError } from '../support/expect-error.js';

// scripts/goldens/permutation.py makes it, with an implementation of its own.
const golden = JSON.parse(readFileSync('test/data/permutation.golden.json', 'utf8')) as {
  readonly short: readonly { seed: number; epoch: number; order: readonly number[] }[];
  readonly full: readonly { seed: number; epoch: number; size: number; sha256: string }[];
};

const seeds = fc.oneof(fc.constant(0), fc.integer());
const sizes = fc
  .record({ size: fc.integer({ min: 1, max: 60 }), batchSize: fc.integer({ min: 1, max: 60 }) })
  .filter(({ size, batchSize }) => batchSize <= size);

describe('epochPermutation', () => {
  it('holds every position once', () => {
    fc.assert(
      fc.property(seeds, fc.nat(1000), fc.integer({ min: 1, max: 300 }), (seed, epoch, size) => {
        const sorted = epochPermutation(seed, epoch, size).sort();
        expect(Array.from(sorted)).to.deep.equal(Array.from({ length: size }, (_, i) => i));
      }),
    );
  });

  it('differs between epochs and between seeds, 0 among them', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(seeds, fc.nat(1000)), {
          minLength: 2,
          maxLength: 5,
          selector: ([seed, epoch]) => `${seed}/${epoch}`,
        }),
        (pairs) => {
          // Of 100 positions, so that no two should ever agree by chance.
          const orders = pairs.map(([seed, epoch]) => epochPermutation(seed, epoch, 100).join());
          expect(new Set(orders).size).to.equal(pairs.length);
        },
      ),
    );
  });

  it('draws each of the 24 orders of four positions equally often', () => {
    const counts = new Map<string, number>();
    const epochs = 24_000;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = epochPermutation(0, epoch, 4).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).to.equal(24);
    const expected = epochs / 24;
    const chiSquare = Array.from(counts.values()).reduce(
      (sum, count) => sum + (count - expected) ** 2 / expected,
      0,
    );
    // The 0.999 quantile of chi-square with 23 degrees of freedom.
    expect(chiSquare).to.be.lessThan(49.73);
  });

  it('gives the order that the documented recipe gives in another language', () => {
    for (const { seed, epoch, order } of golden.short) {
      expect(Array.from(epochPermutation(seed, epoch, order.length))).to.deep.equal(order);
    }
    for (const { seed, epoch, size, sha256 } of golden.full) {
      const hash = createHash('sha256').update(epochPermutation(seed, epoch, size));
      expect(hash.digest('hex')).to.equal(sha256);
    }
  });
});

describe('createSampler', () => {
  it('covers each epoch without repeating a position, and drops the remainder', () => {
    fc.assert(
      fc.property(seeds, sizes, fc.nat(5), (seed, { size, batchSize }, epoch) => {
        const sampler = createSampler({ seed, size, batchSize });
        expect(sampler.stepsPerEpoch).to.equal(Math.floor(size / batchSize));
        const drawn: number[] = [];
        for (let i = 1; i <= sampler.stepsPerEpoch; i++) {
          const batch = sampler.batch(epoch * sampler.stepsPerEpoch + i);
          expect(batch.epoch).to.equal(epoch);
          expect(batch.indices).to.have.lengthOf(batchSize);
          drawn.push(...batch.indices);
        }
        expect(new Set(drawn).size).to.equal(sampler.stepsPerEpoch * batchSize);
        expect(drawn.every((index) => index >= 0 && index < size)).to.equal(true);
      }),
    );
  });

  it('gives a step the same batch in whatever order the steps are asked for', () => {
    fc.assert(
      fc.property(seeds, sizes, fc.array(fc.integer({ min: 1, max: 200 })), (seed, size, steps) => {
        const options = { seed, ...size };
        const jumping = createSampler(options);
        for (const step of steps) {
          expect(jumping.batch(step)).to.deep.equal(createSampler(options).batch(step));
        }
      }),
    );
  });

  it('hands out arrays of their own', () => {
    const sampler = createSampler({ seed: 1, size: 10, batchSize: 5 });
    const before = Array.from(sampler.batch(1).indices);
    sampler.batch(1).indices.fill(-1);
    expect(Array.from(sampler.batch(1).indices)).to.deep.equal(before);
  });

  it('refuses a batch larger than the split', async () => {
    await expectError('usage', /data\.batchSize.*at most 9.*got 10/, () =>
      createSampler({ seed: 1, size: 9, batchSize: 10 }),
    );
    expect(createSampler({ seed: 1, size: 9, batchSize: 9 }).stepsPerEpoch).to.equal(1);
  });

  it('refuses steps that are not counted from 1', async () => {
    const sampler = createSampler({ seed: 1, size: 9, batchSize: 3 });
    for (const step of [0, -1, 1.5]) await expectError('bug', 'step', () => sampler.batch(step));
  });
});
