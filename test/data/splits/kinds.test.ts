import { expect } from 'chai';
import fc from 'fast-check';
import { splitKindNamed, splitKinds } from '../../../src/data/splits/kinds.js';
import { splitSizes, splitTraining } from '../../../src/data/splits/split-training.js';
import { apportion } from '../../../src/data/splits/stratified.js';
import { datasetOf, labeledImages, shared } from '../../support/examples.js';
import { expectError } from '../../support/expect-error.js';

const test = labeledImages([[0]]);
/** Examples whose input is their position, which tells where they went. */
const labeled = (labels: readonly number[]) =>
  labeledImages(
    labels.map((_, position) => [position]),
    labels,
  );
const labelLists = fc.array(fc.nat(4), { minLength: 2, maxLength: 200 });

/** Labels and a size of the validation split that leaves something to train on. */
const cases = labelLists.chain((labels) =>
  fc.record({
    labels: fc.constant(labels),
    examples: fc.nat(labels.length - 1),
    seed: fc.nat(1000),
    split: fc.constantFrom(...splitKinds.map(({ name }) => name)),
  }),
);

describe('the ways to choose a validation split', () => {
  it('divide the training examples, in their order, with their labels', () => {
    fc.assert(
      fc.property(cases, ({ labels, ...validation }) => {
        const dataset = datasetOf(labeled(labels), test);
        const splits = splitTraining(dataset, { validation });
        const positions = [splits.validation, splits.train].map(({ inputs }) =>
          Array.from(inputs.values),
        );
        expect(positions[0]).to.have.length(validation.examples);
        for (const list of positions) expect(list).to.deep.equal(list.toSorted((a, b) => a - b));
        expect(positions.flat().sort((a, b) => a - b)).to.deep.equal(labels.map((_, i) => i));
        for (const { inputs, targets, count } of [splits.validation, splits.train]) {
          expect(Array.from(targets.values)).to.deep.equal(
            Array.from(inputs.values, (position) => labels[position]),
          );
          expect(targets.values).to.have.length(count);
          expect(inputs.values.buffer).to.be.instanceOf(SharedArrayBuffer);
        }
        expect(splitSizes(dataset, { validation })).to.deep.equal({
          train: splits.train.count,
          validation: splits.validation.count,
          test: 1,
        });
      }),
    );
  });

  it('are the same for the same seed, and random with another', () => {
    const labels = Array.from({ length: 300 }, (_, i) => i % 3);
    for (const split of ['random', 'stratified']) {
      const [one, again, other] = [5, 5, 6].map((seed) => {
        const validation = { examples: 100, split, seed };
        const { inputs } = splitTraining(datasetOf(labeled(labels), test), {
          validation,
        }).validation;
        return Array.from(inputs.values);
      });
      expect(one).to.deep.equal(again);
      expect(one).not.to.deep.equal(other);
    }
  });

  it('choose what docs/replay.md says', () => {
    // scripts/parity/replay_streams.py: validation_positions(data, labels).
    const labels = [0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2];
    const chosen = (split: string) => {
      const validation = { examples: 5, split, seed: 4 };
      const { inputs } = splitTraining(datasetOf(labeled(labels), test), { validation }).validation;
      return Array.from(inputs.values);
    };
    expect(chosen('first')).to.deep.equal([0, 1, 2, 3, 4]);
    expect(chosen('random')).to.deep.equal([0, 6, 7, 9, 10]);
    expect(chosen('stratified')).to.deep.equal([0, 2, 6, 9, 10]);
  });

  it('round a fraction of the training examples to the nearest number', () => {
    const dataset = datasetOf(labeled([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), test);
    for (const [fraction, size] of [
      [0, 0],
      [0.24, 2],
      [0.25, 3],
      [0.9, 9],
    ] as const) {
      const validation = { fraction, split: 'random', seed: 0 };
      expect(splitTraining(dataset, { validation }).validation.count).to.equal(size);
    }
  });

  it('are refused without a training example left, at the key that says so', async () => {
    const dataset = datasetOf(labeled([0, 1]), test);
    for (const [key, size] of [
      ['fraction', 0.99],
      ['examples', 2],
    ] as const) {
      const validation = { [key]: size, split: 'random', seed: 0 };
      const pattern = new RegExp(`^data\\.validation\\.${key}: expected .*2 .*got ${size}$`);
      const { path } = await expectError('usage', pattern, () =>
        splitTraining(dataset, { validation }),
      );
      expect(path).to.deep.equal(['data', 'validation', key]);
    }
  });

  it('refuse to stratify numbers', async () => {
    const inputs = { shape: [1], values: shared(Uint8Array, [1, 2, 3]) };
    const numbers = { shape: [], values: shared(Float32Array, [0.5, 1, 2]) };
    const several = { shape: [2], values: shared(Uint8Array, [0, 1, 1, 0, 1, 1]) };
    const validation = { examples: 1, split: 'stratified', seed: 0 };
    for (const targets of [numbers, several]) {
      const dataset = datasetOf({ count: 3, inputs, targets }, test);
      const { hint } = await expectError(
        'usage',
        /^data\.validation\.split: expected one class/,
        () => splitTraining(dataset, { validation }),
      );
      expect(hint).to.equal('Split by random.');
    }
    await expectError('bug', 'got last', () => splitKindNamed('last'));
  });
});

describe('stratified', () => {
  it('gives every class its share, rounded down or up', () => {
    fc.assert(
      fc.property(labelLists, fc.double({ min: 0, max: 1, noNaN: true }), (labels, part) => {
        const size = Math.floor(part * labels.length);
        const chosen = splitKindNamed('stratified').choose(labeled(labels), size, 1);
        expect(chosen).to.have.length(size);
        for (const label of new Set(labels)) {
          const quota = (labels.filter((one) => one === label).length * size) / labels.length;
          const got = chosen.filter((position) => labels[position] === label).length;
          expect(got).to.be.within(Math.floor(quota + 1e-9), Math.ceil(quota - 1e-9));
        }
      }),
    );
  });

  it('keeps the shares exactly where they come out even', () => {
    const sorted = Array.from({ length: 100 }, (_, i) => (i < 50 ? 0 : i < 80 ? 1 : 2));
    const chosen = splitKindNamed('stratified').choose(labeled(sorted), 10, 7);
    const counts = [0, 1, 2].map((label) => chosen.filter((p) => sorted[p] === label).length);
    expect(counts).to.deep.equal([5, 3, 2]);
  });

  it('gives open seats to the largest remainders, the first of equals first', () => {
    expect(apportion([1, 1, 1], 2)).to.deep.equal([1, 1, 0]);
    // Quotas 2.1, 1.4, 1.5.
    expect(apportion([21, 14, 15], 5)).to.deep.equal([2, 1, 2]);
    expect(apportion([5], 5)).to.deep.equal([5]);
    expect(apportion([3, 4], 0)).to.deep.equal([0, 0]);
  });
});
