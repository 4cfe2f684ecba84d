import { expect } from 'chai';
import fc from 'fast-check';
import { createBatchRing, evaluationBatches } from '../../src/data/minibatches.js';
import { digest } from '../../src/protocol/digest.js';
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
const ring = () => createBatchRing({ slots: 2, batchSize: 4, pixels: 4 });

describe('createBatchRing', () => {
  it('assembles indices, labels and images of the examples asked for', () => {
    const { indices, labels, images } = ring().assemble(0, Int32Array.of(2, 0, 2), split);
    expect(Array.from(indices)).to.deep.equal([2, 0, 2]);
    expect(Array.from(labels)).to.deep.equal([9, 7, 9]);
    expect(Array.from(images)).to.deep.equal([0, 51, 0, 0, 0, 255, 51, 0, 0, 51, 0, 0]);
  });

  it('hands out shared memory, which survives being posted and can be digested', () => {
    const batch = ring().assemble(0, Int32Array.of(0, 1), split);
    for (const { buffer } of Object.values(batch)) {
      expect(buffer).to.be.instanceOf(SharedArrayBuffer);
    }
    expect(digest(batch.indices)).to.equal(digest(Int32Array.of(0, 1)));
  });

  it('reuses a slot after as many assemblies as there are slots, and no earlier', () => {
    const batches = ring();
    const first = batches.assemble(5, Int32Array.of(0), split);
    const second = batches.assemble(6, Int32Array.of(1), split);
    expect(Array.from(first.labels)).to.deep.equal([7]);
    const third = batches.assemble(7, Int32Array.of(2), split);
    expect(third.images.buffer).to.equal(first.images.buffer);
    expect(Array.from(first.labels)).to.deep.equal([9]);
    expect(Array.from(second.labels)).to.deep.equal([8]);
  });

  it('leaves nothing of a longer batch in a shorter one', () => {
    const batches = ring();
    batches.assemble(0, Int32Array.of(0, 1, 2, 0), split);
    const { images, labels } = batches.assemble(0, Int32Array.of(2), split);
    expect(Array.from(images)).to.deep.equal([0, 51, 0, 0]);
    expect(labels).to.have.lengthOf(1);
  });

  it('refuses indices outside the split and batches too long', async () => {
    for (const index of [-1, 3]) {
      await expectError('bug', `[0, 3), got ${index}`, () =>
        ring().assemble(0, Int32Array.of(0, index), split),
      );
    }
    await expectError('bug', 'at most 4', () => ring().assemble(0, new Int32Array(5), split));
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
