import { expect } from 'chai';
import { splitTraining } from '../../../src/data/splits/split-training.js';
import { datasetOf, labeledImages } from '../../support/examples.js';
import { expectError } from '../../support/expect-error.js';

const train = labeledImages(
  Array.from({ length: 6 }, (_, i) => [i, 10 + i]),
  [0, 1, 2, 3, 4, 5],
);
const dataset = datasetOf(train, labeledImages([[7, 7]]));

describe('splitTraining', () => {
  it('gives the first images to validation and the others to training, in order', () => {
    const splits = splitTraining(dataset, { validationSize: 2 });
    expect(splits.validation.count).to.equal(2);
    expect(Array.from(splits.validation.inputs.values)).to.deep.equal([0, 10, 1, 11]);
    expect(Array.from(splits.validation.targets.values)).to.deep.equal([0, 1]);
    expect(splits.train.count).to.equal(4);
    expect(Array.from(splits.train.inputs.values)).to.deep.equal([2, 12, 3, 13, 4, 14, 5, 15]);
    expect(Array.from(splits.train.targets.values)).to.deep.equal([2, 3, 4, 5]);
    expect(splits.test).to.equal(dataset.test);
  });

  it('copies nothing', () => {
    const splits = splitTraining(dataset, { validationSize: 3 });
    for (const split of [splits.train, splits.validation]) {
      expect(split.inputs.values.buffer).to.equal(train.inputs.values.buffer);
      expect(split.targets.values.buffer).to.equal(train.targets.values.buffer);
    }
  });

  it('allows no validation split', () => {
    const splits = splitTraining(dataset, { validationSize: 0 });
    expect(splits.validation.count).to.equal(0);
    expect(splits.train.count).to.equal(6);
  });

  it('refuses a size that leaves no training image, or is no size', async () => {
    expect(splitTraining(dataset, { validationSize: 5 }).train.count).to.equal(1);
    for (const size of [6, 7, -1, 1.5, Number.NaN]) {
      await expectError('usage', /data\.validationSize.*0 to 5.*6 training examples/, () =>
        splitTraining(dataset, { validationSize: size }),
      );
    }
  });
});
