import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { drawWeights } from '../../../workers/model/draw-weights.js';
import type { DrawPlace } from '../../../workers/model/draw-weights.js';
import type { DrawnValues } from '../../../src/protocol/index.js';

const golden = JSON.parse(readFileSync('test/workers/model/draw-weights.golden.json', 'utf8')) as {
  readonly orthogonal: readonly {
    readonly shape: number[];
    readonly gain: number;
    readonly weights: readonly number[];
  }[];
  readonly truncatedNormal: { readonly stddev: number; readonly weights: readonly number[] };
};

const variance = 2 / 300;
const size = 200_000;

const origin: DrawPlace = { seed: 5, layer: 0, inner: 0, tensor: 0 };

function draw(changes: Partial<DrawPlace> = {}, count = size, values: DrawnValues = normal()) {
  return drawWeights([count], values, { ...origin, ...changes });
}

function normal(of = variance): DrawnValues {
  return { distribution: 'normal', variance: of };
}

/** The mean of a power of the values. */
function moment(values: Float32Array, power: number): number {
  return values.reduce((sum, value) => sum + value ** power, 0) / values.length;
}

describe('drawWeights', () => {
  for (const distribution of ['normal', 'uniform'] as const) {
    it(`draws ${distribution} weights of zero mean and the variance asked for`, () => {
      const weights = draw({}, size, { distribution, variance });
      // Six standard errors; the kurtosis is 3 (normal) or 1.8 (uniform).
      expect(Math.abs(moment(weights, 1))).to.be.below(6 * Math.sqrt(variance / size));
      expect(moment(weights, 2) / variance).to.be.closeTo(1, 6 * Math.sqrt(2 / size));
      const kurtosis = moment(weights, 4) / moment(weights, 2) ** 2;
      expect(kurtosis).to.be.closeTo(distribution === 'uniform' ? 1.8 : 3, 0.1);
    });
  }

  it('bounds uniform weights by sqrt(3 variance)', () => {
    const bound = Math.sqrt(3 * variance);
    const weights = draw({}, size, { distribution: 'uniform', variance });
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    expect(largest).to.be.within(0.999 * bound, bound * (1 + 1e-6));
  });

  it('draws truncated weights again beyond two standard deviations, with the variance that is left', () => {
    const values: DrawnValues = { distribution: 'truncatedNormal', stddev: 0.05 };
    const weights = draw({}, size, values);
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    expect(largest).to.be.within(0.0999, 0.1 + 1e-8);
    expect(Math.abs(moment(weights, 1))).to.be.below((6 * 0.05) / Math.sqrt(size));
    // scipy.stats.truncnorm(-2, 2).var()
    expect(moment(weights, 2) / 0.05 ** 2).to.be.closeTo(0.7737413, 0.02);
    const plain = draw({}, size, normal(0.05 ** 2));
    const same = weights.filter((weight, index) => weight === plain[index]).length;
    expect(same / size).to.be.closeTo(0.9545, 0.005);
  });

  for (const { shape, gain, weights } of golden.orthogonal) {
    it(`draws orthogonal weights of shape [${shape.join(', ')}] as Keras defines them`, () => {
      const drawn = drawWeights(shape, { distribution: 'orthogonal', gain }, origin);
      expect(drawn.length).to.equal(weights.length);
      drawn.forEach((weight, index) => {
        expect(weight).to.be.closeTo(weights[index]!, 1e-6);
      });
    });
  }

  it('draws the truncated weights of the golden', () => {
    const { stddev, weights } = golden.truncatedNormal;
    const drawn = draw({}, weights.length, { distribution: 'truncatedNormal', stddev });
    drawn.forEach((weight, index) => {
      expect(weight).to.be.closeTo(weights[index]!, 1e-8);
    });
  });

  it('scales the same normal draws, whatever the variance', () => {
    const he = draw({}, 1000);
    const lecun = draw({}, 1000, normal(variance / 2));
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
