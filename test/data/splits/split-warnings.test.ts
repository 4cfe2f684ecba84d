import { expect } from 'chai';
import { splitWarnings } from '../../../src/data/splits/split-warnings.js';
import { splitTraining } from '../../../src/data/splits/split-training.js';
import type { Dataset } from '../../../src/data/dataset.js';
import { datasetOf, labeledImages } from '../../support/examples.js';

const labeled = (labels: readonly number[]) =>
  labeledImages(
    labels.map(() => [0]),
    labels,
    [1],
  );
const repeated = (labels: readonly number[], times: number) =>
  Array.from({ length: times }, () => labels).flat();

const warningsOf = (dataset: Dataset, validationSize: number, split = 'first') => {
  const source = { validationSize, validation: { split, seed: 0 } };
  return splitWarnings(splitTraining(dataset, source), source);
};

describe('splitWarnings', () => {
  const test = labeled([0, 1, 2]);

  it('names the classes that sorted data leave out of a split', () => {
    const sorted = [...repeated([0], 40), ...repeated([1], 40), ...repeated([2], 40)];
    const warnings = warningsOf(datasetOf(labeled(sorted), test), 40);
    expect(warnings).to.have.length(2);
    expect(warnings[0]).to.match(/^the train split, 80 examples, has none of the class 0: are/);
    expect(warnings[1]).to.match(
      /^the validation split, 40 examples, has none of the classes 1, 2:/,
    );
  });

  it('says nothing of shuffled data, or of splits too small to have all classes', () => {
    const shuffled = labeled(repeated([2, 0, 1], 40));
    expect(warningsOf(datasetOf(shuffled, test), 40)).to.deep.equal([]);
    const first = labeled([0, ...repeated([2, 0, 1], 40)]);
    expect(warningsOf(datasetOf(first, test), 1)).to.deep.equal([]);
    expect(warningsOf(datasetOf(shuffled, test), 0)).to.deep.equal([]);
  });

  it('names them also where the split is small, unless chance may have left them out', () => {
    const sorted = labeled([...repeated([0], 30), ...repeated([1], 30), ...repeated([2], 30)]);
    const [warning, ...others] = warningsOf(datasetOf(sorted, test), 6);
    expect(warning).to.match(
      /^the validation split, 6 examples, has none of the classes 1, 2: are/,
    );
    expect(others).to.deep.equal([]);
    // Two of three in a row are alike in every third case.
    expect(warningsOf(datasetOf(sorted, test), 2)).to.deep.equal([]);
    const rarely = labeled([...repeated([0, 1], 44), 2, 2]);
    expect(warningsOf(datasetOf(rarely, test), 20)).to.deep.equal([]);
    const ten = Array.from({ length: 10 }, (_, label) => label);
    const sortedTen = labeled(ten.flatMap((label) => repeated([label], 30)));
    expect(warningsOf(datasetOf(sortedTen, test), 20)[0]).to.match(
      /none of the classes 1, 2, .*9:/,
    );
  });

  it('says nothing of random splits in nearly all cases, however small', () => {
    let warned = 0;
    for (let seed = 0; seed < 1000; seed++) {
      const size = 1 + (seed % 29);
      const classes = 2 + (seed % 9);
      const labels = Array.from({ length: 300 }, (_, i) => Math.floor((i * classes) / 300));
      const source = { validation: { examples: size, split: 'random', seed } };
      const splits = splitTraining(datasetOf(labeled(labels), labeled([0])), source);
      if (splitWarnings(splits, source).length > 0) warned += 1;
    }
    expect(warned).to.be.at.most(20);
  });

  it('advises to stratify where the first examples were taken, which cures sorted data', () => {
    const sorted = labeled([...repeated([0], 40), ...repeated([1], 40), ...repeated([2], 40)]);
    const [warning] = warningsOf(datasetOf(sorted, test), 40);
    expect(warning).to.match(/sorted by class\? Set data\.validation\.split to stratified\.$/);
    expect(warningsOf(datasetOf(sorted, test), 40, 'stratified')).to.deep.equal([]);
  });

  it('gives no such advice on what was stratified already', () => {
    const lacking = labeled([...repeated([0, 1], 30), 2]);
    expect(warningsOf(datasetOf(lacking, test), 31, 'stratified')).to.deep.equal([
      'the train split, 30 examples, has none of the class 2',
    ]);
  });
});
