import { expect } from 'chai';
import { brier } from '../../../../workers/model/metrics/brier.js';

describe('the Brier score', () => {
  it('sums squared distances of probabilities to the class', () => {
    const outputs = Float32Array.of(2, 1, 0, 0, 0, 0, -1, 3, 1000);
    const sums = brier({ outputs, width: 3, targets: Int32Array.of(0, 2, 1) });
    const [a, b, c] = [2, 1, 0].map((logit) => Math.exp(logit) / (Math.E ** 2 + Math.E + 1));
    expect(sums.brier).to.be.closeTo((1 - a!) ** 2 + b! ** 2 + c! ** 2 + 2 / 3 + 2, 1e-7);
    // The same from NumPy, in float64.
    expect(sums.brier).to.be.closeTo(2.8467278130074276, 1e-7);
  });
});
