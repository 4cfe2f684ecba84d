import { checkLabels } from '../../src/data/dataset.js';
import { datasetOf, examplesOf, shared } from '../support/examples.js';
import { expectError } from '../support/expect-error.js';

describe('checkLabels', () => {
  const inputs = examplesOf([1], [1, 2, 3], [0, 1, 2]);
  const labeled = (labels: readonly number[]) => ({
    ...inputs,
    targets: { shape: [], values: shared(Int32Array, labels) },
  });

  it('refuses labels below 0 and, of several files, names all that hold the split', async () => {
    checkLabels(datasetOf(labeled([0, 1, 2]), inputs), 3);
    const negative = datasetOf(labeled([0, -1, 2]), inputs);
    await expectError('data', /got -1 at position 1 .*of train\.targets/, () => {
      checkLabels(negative, 3);
    });
    const file = { md5: '', bytes: 0, holds: ['train.targets'] } as const;
    const batches = [
      { ...file, name: 'one' },
      { ...file, name: 'two' },
    ];
    await expectError('data', /got 300 at position 2 .*of one, two\.$/, () => {
      checkLabels({ ...datasetOf(labeled([0, 1, 300]), inputs), files: batches }, 10);
    });
  });
});
