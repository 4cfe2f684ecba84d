import { expect } from 'chai';
import { loadEngine } from '../../../../workers/engines/load.js';
import { brier } from '../../../../workers/model/metrics/brier.js';
import { tf } from '../../../../workers/tf.js';
import { testedEngine } from '../../../support/engine.js';

describe('the Brier score', () => {
  before(() => loadEngine(testedEngine));

  it('sums squared distances of probabilities to the class', () => {
    tf.tidy(() => {
      const outputs = tf.tensor2d([2, 1, 0, 0, 0, 0, -1, 3, 1000], [3, 3]);
      const sums = brier({ outputs, targets: tf.tensor1d([0, 2, 1], 'int32') });
      const [a, b, c] = [2, 1, 0].map((logit) => Math.exp(logit) / (Math.E ** 2 + Math.E + 1));
      expect(sums.brier).to.be.closeTo((1 - a!) ** 2 + b! ** 2 + c! ** 2 + 2 / 3 + 2, 1e-7);
      // The same from NumPy, in float64.
      expect(sums.brier).to.be.closeTo(2.8467278130074276, 1e-7);
    });
  });
});
