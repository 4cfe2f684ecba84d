import { expect } from 'chai';
import { splitWarnings } from '../../src/data/split-warnings.js';
import { splitTraining } from '../../src/data/splits.js';
import { datasetOf, labeledImages } from '../support/examples.js';

const labeled = (labels: readonly number[]) =>
  labeledImages(
    labels.map(() => [0]),
    labels,
    [1],
  );
const repeated = (labels: readonly number[], times: number) =>
  Array.from({ length: times }, () => labels).flat();

describe('splitWarnings', () => {
  const test = labeled([0, 1, 2]);

  it('names the classes that sorted data leave out of a split', () => {
    const sorted = [...repeated([0], 40), ...repeated([1], 40), ...repeated([2], 40)];
    const warnings = splitWarnings(splitTraining(datasetOf(labeled(sorted), test), 40));
    expect(warnings).to.have.length(2);
    expect(warnings[0]).to.match(/^the train split, 80 examples, has none of the class 0: are/);
    expect(warnings[1]).to.match(
      /^the validation split, 40 examples, has none of the classes 1, 2:/,
    );
  });

  it('says nothing of shuffled data, or of splits too small to have all classes', () => {
    const shuffled = labeled(repeated([2, 0, 1], 40));
    expect(splitWarnings(splitTraining(datasetOf(shuffled, test), 40))).to.deep.equal([]);
    const first = labeled([0, ...repeated([2, 0, 1], 40)]);
    expect(splitWarnings(splitTraining(datasetOf(first, test), 1))).to.deep.equal([]);
    expect(splitWarnings(splitTraining(datasetOf(shuffled, test), 0))).to.deep.equal([]);
  });
});
