import { expect } from 'chai';
import { checkTargets } from '../../src/data/check-targets.js';
import { defaultObjective } from '../../src/model/objectives.js';
import type { Examples, SharedValues, Shape } from '../../src/protocol/index.js';
import { answers } from '../support/answers.js';
import { datasetOf, examplesOf, shared } from '../support/examples.js';
import { expectError } from '../support/expect-error.js';

const inputs = examplesOf([1], [1, 2, 3], [0, 1, 2]);

function withTargets(values: SharedValues, shape: Shape = []): Examples {
  return { ...inputs, targets: { shape, values } };
}

const ints = (...values: number[]) => withTargets(shared(Int32Array, values));
const floats = (values: readonly number[], shape: Shape = []) =>
  withTargets(shared(Float64Array, values), shape);

describe('checkTargets of classes', () => {
  const of = (outputs: number) => answers(defaultObjective, outputs);

  it('takes labels below the number of outputs', () => {
    checkTargets(datasetOf(ints(0, 1, 2), inputs), of(3));
  });

  it('refuses others and, of several files, names all that hold the split', async () => {
    await expectError('data', /got -1 at position 1 .*of train\.targets/, () => {
      checkTargets(datasetOf(ints(0, -1, 2), inputs), of(3));
    });
    const inTest = await expectError('data', /below 9.*got 9 at position 2 .*test\.targets/, () => {
      checkTargets(datasetOf(inputs, ints(0, 1, 9)), of(9));
    });
    expect(inTest.hint).to.include('at least 10');
    const file = { md5: '', bytes: 0, holds: ['train.targets'] } as const;
    const files = ['one', 'two'].map((name) => ({ ...file, name }));
    await expectError('data', /got 300 at position 2 .*of one, two\.$/, () => {
      checkTargets({ ...datasetOf(ints(0, 1, 300), inputs), files }, of(10));
    });
  });

  it('refuses several labels an example, and fractions', async () => {
    const eight = withTargets(shared(Int32Array, new Array<number>(24).fill(1)), [8]);
    await expectError(
      'data',
      /one label for each example, of shape \[3\], in train\.targets, got \[3, 8\]/,
      () => {
        checkTargets(datasetOf(eight, inputs), of(3));
      },
    );
    const fractions = await expectError(
      'data',
      /whole numbers as labels in test\.targets, got float64/,
      () => {
        checkTargets(datasetOf(inputs, floats([0, 1, 2])), of(3));
      },
    );
    expect(fractions.hint).to.include('training.objective');
  });
});

describe('checkTargets of labels', () => {
  const of = (outputs: number) =>
    answers({ kind: 'sigmoidCrossEntropy', labelSmoothing: 0 }, outputs);

  it('takes a 0 or 1 for each output, of any type', () => {
    const bytes = examplesOf([1], [1, 2, 3], [0, 1, 0]);
    checkTargets(datasetOf(bytes, floats([0, 1, 1])), of(1));
    const two = floats([0, 1, 1, 1, 0, 0], [2]);
    checkTargets(datasetOf(two, two), of(2));
  });

  it('refuses other numbers, and says where', async () => {
    const two = floats([0, 1, 1, 0.5, 0, 0], [2]);
    await expectError(
      'data',
      'Expected 0 or 1 as targets of sigmoidCrossEntropy, got 0.5 at position 1, output 1 (from 0) of train.targets.',
      () => {
        checkTargets(datasetOf(two, two), of(2));
      },
    );
  });
});

describe('checkTargets of numbers', () => {
  const of = (outputs: number) => answers({ kind: 'meanSquaredError' }, outputs);

  it('takes numbers, one for each output', () => {
    checkTargets(datasetOf(floats([-1e5, 0.25, 3]), inputs), of(1));
    const two = floats([0, 1, 1, 0.5, 0, 0], [2]);
    checkTargets(datasetOf(two, two), of(2));
  });

  it('refuses as many as there are no outputs for, and what float32 cannot hold', async () => {
    const two = floats([0, 1, 1, 0.5, 0, 0], [2]);
    const { hint } = await expectError(
      'data',
      /of shape \[3, 1\], a number for each of the 1 unit of the last layer, in train\.targets, got \[3, 2\]/,
      () => {
        checkTargets(datasetOf(two, two), of(1));
      },
    );
    expect(hint).to.include('units: 2');
    await expectError('data', /below 3.4e38, got 1e\+39 at position 2 \(from 0\) of test/, () => {
      checkTargets(datasetOf(inputs, floats([0, 0, 1e39])), of(1));
    });
  });
});
