import { expect } from 'chai';
import { withClassWeights } from '../../src/model/class-weights.js';
import type { NetworkPlan } from '../../src/protocol/index.js';
import { shared } from '../support/examples.js';
import { openTask } from '../support/variants.js';

const { network, splits } = openTask();
const spec: { readonly kind: string; readonly classWeights: string } = {
  kind: 'softmaxCrossEntropy',
  classWeights: 'balanced',
};
const balanced: NetworkPlan = {
  ...network,
  outputs: 3,
  objective: { targets: 'classes', spec },
};

function trainedOn(labels: readonly number[]) {
  const targets = { ...splits.train.targets, shape: [], values: shared(Uint8Array, labels) };
  return { ...splits.train, count: labels.length, targets };
}

describe('withClassWeights', () => {
  it("gives scikit-learn's weights, by the counts of the training split", () => {
    const labels = [0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 0, 1];
    const { classWeights: weights } = withClassWeights(balanced, trainedOn(labels));
    // sklearn.utils.class_weight.compute_class_weight('balanced', classes=[0, 1, 2], y=labels)
    expect(weights).to.deep.equal([0.6666666666666666, 1.3333333333333333, 1.3333333333333333]);
  });

  it('names the classes without an example', () => {
    expect(() => withClassWeights(balanced, trainedOn([0, 0, 2]))).to.throw('got none of 1');
  });

  it('leaves other plans as they are', () => {
    const left = withClassWeights(network, splits.train);
    expect(left.network).to.equal(network);
    expect(left.classWeights).to.equal(undefined);
  });
});
