import { expect } from 'chai';
import fc from 'fast-check';
import { createInputScalers } from '../../src/data/input-scaler.js';
import { createBatchRing, evaluationBatches } from '../../src/data/minibatches.js';
import { digest } from '../../src/protocol/index.js';
import { labeledImages } from '../support/examples.js';
import { expectError } from '../support/expect-error.js';

const split = labeledImages(
  [
    [0, 255, 51, 0],
    [255, 0, 0, 102],
    [0, 51, 0, 0],
  ],
  [7, 8, 9],
);
const scalers = createInputScalers(['raw', 'standardized'], split);
const ring = () => createBatchRing({ slots: 2, batchSize: 4, scalers });

describe('createBatchRing', () => {
  it('assembles indices, labels and inputs of the examples asked for', () => {
    const batch = ring().assemble(0, Int32Array.of(2, 0, 2), split);
    expect(Array.from(batch.indices)).to.deep.equal([2, 0, 2]);
    expect(Array.from(batch.labels)).to.deep.equal([9, 7, 9]);
    expect(Array.from(batch.forScaling('raw').inputs)).to.deep.equal(
      [0, 0.2, 0, 0, 0, 1, 0.2, 0, 0, 0.2, 0, 0].map(Math.fround),
    );
    const standardized = new Float32Array(12);
    scalers.get('standardized')!.fill(standardized, split.images, Int32Array.of(2, 0, 2));
    expect(batch.forScaling('standardized').inputs).to.deep.equal(standardized);
  });

  it('gives all variants the same indices and labels, and those of one scaling the same inputs', () => {
    const batch = ring().assemble(0, Int32Array.of(1), split);
    const raw = batch.forScaling('raw');
    expect(batch.forScaling('raw')).to.equal(raw);
    expect(raw.indices).to.equal(batch.indices);
    expect(batch.forScaling('standardized').labels).to.equal(raw.labels);
    expect(batch.forScaling('standardized').inputs.buffer).not.to.equal(raw.inputs.buffer);
  });

  it('hands out shared memory, which survives being posted and can be digested', () => {
    const { inputs, labels, indices } = ring()
      .assemble(0, Int32Array.of(0, 1), split)
      .forScaling('raw');
    for (const { buffer } of [inputs, labels, indices]) {
      expect(buffer).to.be.instanceOf(SharedArrayBuffer);
    }
    expect(digest(indices)).to.equal(digest(Int32Array.of(0, 1)));
    expect(digest(inputs)).to.equal(digest(Float32Array.from(inputs)));
  });

  it('reuses a slot after as many assemblies as there are slots, and no earlier', () => {
    const batches = ring();
    const first = batches.assemble(5, Int32Array.of(0), split);
    const second = batches.assemble(6, Int32Array.of(1), split);
    expect(Array.from(first.labels)).to.deep.equal([7]);
    const third = batches.assemble(7, Int32Array.of(2), split);
    expect(third.forScaling('raw').inputs.buffer).to.equal(first.forScaling('raw').inputs.buffer);
    expect(Array.from(first.labels)).to.deep.equal([9]);
    expect(Array.from(second.labels)).to.deep.equal([8]);
  });

  it('leaves nothing of a longer batch in a shorter one', () => {
    const batches = ring();
    batches.assemble(0, Int32Array.of(0, 1, 2, 0), split);
    const batch = batches.assemble(0, Int32Array.of(2), split).forScaling('raw');
    expect(Array.from(batch.inputs)).to.deep.equal([0, Math.fround(0.2), 0, 0]);
    expect(batch.labels).to.have.lengthOf(1);
  });

  it('refuses indices outside the split, batches too long and scalings it was not made for', async () => {
    for (const index of [-1, 3]) {
      await expectError('bug', `[0, 3), got ${index}`, () =>
        ring().assemble(0, Int32Array.of(0, index), split),
      );
    }
    await expectError('bug', 'at most 4', () => ring().assemble(0, new Int32Array(5), split));
    const rawOnly = createBatchRing({
      slots: 1,
      batchSize: 1,
      scalers: createInputScalers(['raw'], split),
    });
    await expectError('bug', 'standardized', () =>
      rawOnly.assemble(0, Int32Array.of(0), split).forScaling('standardized'),
    );
  });
});

describe('evaluationBatches', () => {
  const ofCount = (count: number) => labeledImages(Array.from({ length: count }, () => [0]));

  it('covers the first examples in order, in chunks of which only the last may be shorter', () => {
    const cases = fc
      .record({ count: fc.integer({ min: 1, max: 50 }), chunk: fc.integer({ min: 1, max: 60 }) })
      .chain(({ count, chunk }) =>
        fc.record({
          count: fc.constant(count),
          chunk: fc.constant(chunk),
          examples: fc.oneof(fc.constant('all' as const), fc.integer({ min: 1, max: count })),
        }),
      );
    fc.assert(
      fc.property(cases, ({ count, chunk, examples }) => {
        const batches = evaluationBatches(ofCount(count), examples, chunk);
        const total = examples === 'all' ? count : examples;
        expect(batches.flatMap((batch) => Array.from(batch))).to.deep.equal(
          Array.from({ length: total }, (_, i) => i),
        );
        for (const batch of batches.slice(0, -1)) expect(batch).to.have.lengthOf(chunk);
        expect(batches.at(-1)!.length).to.be.within(1, chunk);
      }),
    );
  });

  it('refuses more examples than the split has, and a split that has none', async () => {
    const error = await expectError('usage', /1 to 3 examples.*got 4/, () =>
      evaluationBatches(split, 4, 2),
    );
    expect(error.hint).to.include('validationSize');
    await expectError('usage', 'evaluation.splits', () => evaluationBatches(ofCount(0), 'all', 2));
  });
});
