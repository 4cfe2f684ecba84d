import { expect } from 'chai';
import { drawWeights } from '../../../workers/model/draw-weights.js';
import type { WeightDraw } from '../../../workers/model/draw-weights.js';

const variance = 2 / 300;
const size = 200_000;

function draw(changes: Partial<WeightDraw> = {}, count = size): Float32Array {
  return drawWeights(count, {
    distribution: 'normal',
    variance,
    seed: 5,
    layer: 0,
    inner: 0,
    tensor: 0,
    ...changes,
  });
}

/** The mean of a power of the values. */
function moment(values: Float32Array, power: number): number {
  return values.reduce((sum, value) => sum + value ** power, 0) / values.length;
}

describe('drawWeights', () => {
  for (const distribution of ['normal', 'uniform'] as const) {
    it(`draws ${distribution} weights of zero mean and the variance asked for`, () => {
      const weights = draw({ distribution });
      // Six standard errors; the kurtosis is 3 (normal) or 1.8 (uniform).
      expect(Math.abs(moment(weights, 1))).to.be.below(6 * Math.sqrt(variance / size));
      expect(moment(weights, 2) / variance).to.be.closeTo(1, 6 * Math.sqrt(2 / size));
      const kurtosis = moment(weights, 4) / moment(weights, 2) ** 2;
      expect(kurtosis).to.be.closeTo(distribution === 'uniform' ? 1.8 : 3, 0.1);
    });
  }

  it('bounds uniform weights by sqrt(3 variance)', () => {
    const bound = Math.sqrt(3 * variance);
    const weights = draw({ distribution: 'uniform' });
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    expect(largest).to.be.within(0.999 * bound, bound * (1 + 1e-6));
  });

  it('scales the same normal draws, whatever the variance', () => {
    const he = draw({}, 1000);
    const lecun = draw({ variance: variance / 2 }, 1000);
    he.forEach((weight, index) => {
      expect(weight / lecun[index]!).to.be.closeTo(Math.SQRT2, 1e-6);
    });
  });

  it('depends on the seed, the layer, the tensor and the position alone', () => {
    const weights = [...draw({}, 103)];
    expect([...draw({}, 1000).subarray(0, 103)]).to.deep.equal(weights);
    expect([...draw({ seed: 6 }, 103)]).not.to.deep.equal(weights);
    expect([...draw({ seed: -5 }, 103)]).not.to.deep.equal(weights);
    expect([...draw({ layer: 2 }, 103)]).not.to.deep.equal(weights);
    expect([...draw({ tensor: 1 }, 103)]).not.to.deep.equal(weights);
  });

  it('draws layers that do not correlate', () => {
    const [first, second] = [draw({ layer: 0 }), draw({ layer: 2 })];
    const product = first.map((weight, index) => weight * second[index]!);
    expect(Math.abs(moment(product, 1)) / variance).to.be.below(6 / Math.sqrt(size));
  });
});
