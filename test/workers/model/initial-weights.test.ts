import { expect } from 'chai';
import { initializerNames } from '../../../src/protocol/index.js';
import type { InitializerName } from '../../../src/protocol/index.js';
import { drawWeights } from '../../../workers/model/initial-weights.js';
import type { WeightDraw } from '../../../workers/model/initial-weights.js';

const fanIn = 300;
const fanOut = 100;
const size = 200_000;

/** By arXiv:1502.01852 (he), LeCun et al. 1998 (lecun), Glorot and Bengio 2010 (glorot). */
const variances: Readonly<Record<InitializerName, number>> = {
  he: 2 / fanIn,
  heUniform: 2 / fanIn,
  lecun: 1 / fanIn,
  lecunUniform: 1 / fanIn,
  glorot: 2 / (fanIn + fanOut),
  glorotUniform: 2 / (fanIn + fanOut),
};

function draw(changes: Partial<WeightDraw> = {}, count = size): Float32Array {
  return drawWeights(count, { initializer: 'he', fanIn, fanOut, seed: 5, layer: 0, ...changes });
}

/** The mean of a power of the values. */
function moment(values: Float32Array, power: number): number {
  return values.reduce((sum, value) => sum + value ** power, 0) / values.length;
}

describe('drawWeights', () => {
  for (const initializer of initializerNames) {
    it(`draws ${initializer} weights of zero mean and the documented variance`, () => {
      const weights = draw({ initializer });
      const variance = variances[initializer];
      // Six standard errors; the kurtosis is 3 (normal) or 1.8 (uniform).
      expect(Math.abs(moment(weights, 1))).to.be.below(6 * Math.sqrt(variance / size));
      expect(moment(weights, 2) / variance).to.be.closeTo(1, 6 * Math.sqrt(2 / size));
      const kurtosis = moment(weights, 4) / moment(weights, 2) ** 2;
      expect(kurtosis).to.be.closeTo(initializer.endsWith('Uniform') ? 1.8 : 3, 0.1);
    });
  }

  it('bounds uniform weights by sqrt(3 variance)', () => {
    const bound = Math.sqrt((3 * 2) / fanIn);
    const weights = draw({ initializer: 'heUniform' });
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    expect(largest).to.be.within(0.999 * bound, bound * (1 + 1e-6));
  });

  it('scales the same normal draws, whatever the initializer', () => {
    const he = draw({ initializer: 'he' }, 1000);
    const lecun = draw({ initializer: 'lecun' }, 1000);
    he.forEach((weight, index) => {
      expect(weight / lecun[index]!).to.be.closeTo(Math.SQRT2, 1e-6);
    });
  });

  it('depends on the seed, the layer and the position alone', () => {
    const weights = [...draw({}, 103)];
    expect([...draw({}, 1000).subarray(0, 103)]).to.deep.equal(weights);
    expect([...draw({ seed: 6 }, 103)]).not.to.deep.equal(weights);
    expect([...draw({ seed: -5 }, 103)]).not.to.deep.equal(weights);
    expect([...draw({ layer: 2 }, 103)]).not.to.deep.equal(weights);
  });

  it('draws layers that do not correlate', () => {
    const [first, second] = [draw({ layer: 0 }), draw({ layer: 2 })];
    const product = first.map((weight, index) => weight * second[index]!);
    expect(Math.abs(moment(product, 1)) / (2 / fanIn)).to.be.below(6 / Math.sqrt(size));
  });
});
