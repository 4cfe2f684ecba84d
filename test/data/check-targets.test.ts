import { expect } from 'chai';
import { checkTargets } from '../../src/data/check-targets.js';
import type { Answers } from '../../src/data/check-targets.js';
import type { Dataset } from '../../src/data/dataset.js';
import { defaultObjective } from '../../src/model/objectives.js';
import type { Examples, SharedValues, Shape } from '../../src/protocol/index.js';
import { answers } from '../support/answers.js';
import { datasetOf, examplesOf, shared } from '../support/examples.js';
import { expectError } from '../support/expect-error.js';

const inputs = examplesOf([1], [1, 2, 3], [0, 1, 2]);

function withTargets(values: SharedValues, shape: Shape = []): Examples {
  return { ...inputs, targets: { shape, values } };
}

const layer = ['network', 'layers', 1];
const check = (dataset: Dataset, toAnswer: Answers) => {
  checkTargets(dataset, toAnswer, layer);
};

const ints = (...values: number[]) => withTargets(shared(Int32Array, values));
const floats = (values: readonly number[], shape: Shape = []) =>
  withTargets(shared(Float64Array, values), shape);

describe('checkTargets of classes', () => {
  const of = (outputs: number) => answers(defaultObjective, outputs);

  it('takes labels below the number of outputs', () => {
    check(datasetOf(ints(0, 1, 2), inputs), of(3));
  });

  it('refuses others and, of several files, names all that hold the split', async () => {
    await expectError('data', /got -1 at position 1 .*of train\.targets/, () => {
      check(datasetOf(ints(0, -1, 2), inputs), of(3));
    });
    const inTest = await expectError(
      'data',
      /below 9.*got 9 at position 2 .*test\.targets, and not all/,
      () => {
        check(datasetOf(inputs, ints(0, 1, 9)), of(9));
      },
    );
    expect(inTest.hint).to.include('at least 10');
    const fromOne = await expectError('data', /below 3.*got 3 at position 2/, () => {
      check(datasetOf(ints(1, 2, 3), ints(1, 1, 3)), of(3));
    });
    expect(fromOne.hint).to.match(/^These classes count from 1: .* units: 4}/);
    const file = { md5: '', bytes: 0, holds: ['train.targets'] } as const;
    const files = ['one', 'two'].map((name) => ({ ...file, name }));
    await expectError('data', /got 300 at position 2 .*of one, two, and not all/, () => {
      check({ ...datasetOf(ints(0, 1, 300), inputs), files }, of(10));
    });
  });

  it('refuses a last layer with too few units where the classes have names or are all there', async () => {
    const all = await expectError(
      'usage',
      'network.layers.1: expected at least 4 units, one for each class of made-up, got 2; class 2 is at position 2 (from 0) of train.targets',
      () => {
        check(datasetOf(inputs, ints(0, 1, 3)), of(2));
      },
    );
    expect(all.path).to.deep.equal(layer);
    expect(all.hint).to.include('units: 4');
    const named = {
      ...datasetOf(ints(0, 5, 5), inputs),
      classes: Array.from({ length: 8 }, (_, n) => `class ${n}`),
    };
    await expectError(
      'usage',
      /at least 8 units, .*, got 4; class 5 is .* of train\.targets/,
      () => {
        check(named, of(4));
      },
    );
  });

  it('refuses several labels an example, and fractions', async () => {
    const eight = withTargets(shared(Int32Array, new Array<number>(24).fill(1)), [8]);
    const several = await expectError(
      'usage',
      /^training\.objective: .* for targets of shape \[3, 8\], as in train\.targets, got softmaxCrossEntropy/,
      () => {
        check(datasetOf(eight, inputs), of(3));
      },
    );
    expect(several.path).to.deep.equal(['training', 'objective']);
    expect(several.hint).to.include('sigmoidCrossEntropy');
    const hot = floats([0, 1, 1, 0, 0, 1], [2]);
    const oneHot = await expectError('usage', /^training\.objective: /, () => {
      check(datasetOf(hot, hot), of(2));
    });
    expect(oneHot.hint).to.match(/^They look one-hot: .*numpy\.argmax/);
    await expectError(
      'usage',
      /for numbers such as 0\.5, at position 1 .* of train\.targets/,
      () => {
        check(datasetOf(floats([0, 0.5, 2]), inputs), of(3));
      },
    );
    const fractions = await expectError(
      'data',
      /whole numbers as labels in test\.targets, got float64/,
      () => {
        check(datasetOf(inputs, floats([0, 1, 2])), of(3));
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
    check(datasetOf(bytes, floats([0, 1, 1])), of(1));
    const two = floats([0, 1, 1, 1, 0, 0], [2]);
    check(datasetOf(two, two), of(2));
  });

  it('refuses other numbers, and says where', async () => {
    const two = floats([0, 1, 1, 0.5, 0, 0], [2]);
    await expectError(
      'data',
      'Expected 0 or 1 as targets of sigmoidCrossEntropy, got 0.5 at position 1, output 1 (from 0) of train.targets.',
      () => {
        check(datasetOf(two, two), of(2));
      },
    );
  });
});

describe('checkTargets of labels that are classes', () => {
  const of = (outputs: number) =>
    answers({ kind: 'sigmoidCrossEntropy', labelSmoothing: 0 }, outputs);

  it('takes two classes, with names or without, and refuses more', async () => {
    check({ ...datasetOf(ints(0, 1, 1), ints(0, 0, 1)), classes: ['no', 'yes'] }, of(1));
    const classes = ['cat', 'dog', 'fox'];
    await expectError('usage', /^training\.objective: .* the 3 classes \(cat, dog, …\)/, () => {
      check({ ...datasetOf(ints(0, 1, 1), ints(0, 0, 2)), classes }, of(1));
    });
    await expectError('usage', /classes such as 2, at position 2 .* of test\.targets/, () => {
      check(datasetOf(ints(0, 1, 1), ints(0, 0, 2)), of(1));
    });
    await expectError('data', /Expected 0 or 1 .*, got -1 at position 1/, () => {
      check(datasetOf(ints(0, -1, 1), ints(0, 0, 1)), of(1));
    });
  });
});

describe('checkTargets of numbers', () => {
  const of = (outputs: number) => answers({ kind: 'meanSquaredError' }, outputs);

  it('takes numbers, one for each output', () => {
    check(datasetOf(floats([-1e5, 0.25, 3]), inputs), of(1));
    const two = floats([0, 1, 1, 0.5, 0, 0], [2]);
    check(datasetOf(two, two), of(2));
  });

  it('refuses as many as there are no outputs for, and what float32 cannot hold', async () => {
    const two = floats([0, 1, 1, 0.5, 0, 0], [2]);
    const { hint } = await expectError(
      'usage',
      'network.layers.1: expected 2 units, one for each number that train.targets has of an example, got 1',
      () => {
        check(datasetOf(two, two), of(1));
      },
    );
    expect(hint).to.include('units: 2');
    await expectError('data', /below 3.4e38, got 1e\+39 at position 2 \(from 0\) of test/, () => {
      check(datasetOf(inputs, floats([0, 0, 1e39])), of(1));
    });
  });

  it('refuses class labels, by their shape or their names', async () => {
    const { path, hint } = await expectError(
      'usage',
      /^training\.objective: .* one whole number an example, as in train\.targets, got meanSquaredError, which compares 3 numbers/,
      () => {
        check(datasetOf(ints(0, 1, 2), inputs), of(3));
      },
    );
    expect(path).to.deep.equal(['training', 'objective']);
    expect(hint).to.include('softmaxCrossEntropy').and.include('units: 1');
    check(datasetOf(ints(0, 1, 2), inputs), of(1));
    const named = { ...datasetOf(ints(0, 1, 2), inputs), classes: ['cat', 'dog', 'fox'] };
    await expectError(
      'usage',
      /for the 3 classes \(cat, dog, …\) of train\.targets, got mean/,
      () => {
        check(named, of(1));
      },
    );
  });

  it('refuses targets of several axes as data', () =>
    expectError('data', /of shape \[3, 4\], .*, got \[3, 2, 2\]/, () => {
      check(datasetOf(floats(new Array<number>(12).fill(0), [2, 2]), inputs), of(4));
    }));
});
