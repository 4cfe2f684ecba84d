import { expect } from 'chai';
import fc from 'fast-check';
import { evaluationBatches } from '../../src/data/evaluation-batches.js';
import { labeledImages } from '../support/examples.js';
import { expectError } from '../support/expect-error.js';

describe('evaluationBatches', () => {
  const ofCount = (count: number) =>
    labeledImages(
      Array.from({ length: count }, () => [0]),
      undefined,
      [1],
    );

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
      evaluationBatches(ofCount(3), 4, 2),
    );
    expect(error.hint).to.include('validationSize');
    await expectError('usage', 'evaluation.splits', () => evaluationBatches(ofCount(0), 'all', 2));
  });
});
