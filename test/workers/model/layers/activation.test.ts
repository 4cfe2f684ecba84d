import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { expect } from 'chai';
import { activationNames, activationOf } from '../../../../src/model/activations.js';
import type { ActivationConfig, ActivationName } from '../../../../src/model/activations.js';
import type { Engine } from '../../../../workers/engines/engine.js';
import { loadEngine } from '../../../../workers/engines/load.js';
import { activation } from '../../../../workers/model/layers/activation.js';
import { tf } from '../../../../workers/tf.js';
import { drawTensor } from '../../../support/drawn-tensor.js';
import { testedEngine } from '../../../support/engine.js';
import { passOf } from '../../../support/pass.js';
import { expectLayer } from '../../../support/expect-layer.js';

/** From their definitions, in float64. */
const references: Readonly<Record<ActivationName, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  leakyRelu: (x) => (x > 0 ? x : 0.2 * x),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.log1p(Math.exp(x)),
  gelu: (x) => x * normalCdf(x, 0, 1),
  silu: (x) => x / (1 + Math.exp(-x)),
};

describe(`activation on the ${testedEngine} engine`, () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine(testedEngine);
  });

  const cases: [string, ActivationConfig, (x: number) => number][] = [
    ...activationNames.map((name): [string, ActivationConfig, (x: number) => number] => [
      name,
      name,
      references[name],
    ]),
    ['leakyRelu of slope 0.01', { kind: 'leakyRelu', slope: 0.01 }, (x) => (x > 0 ? x : x / 100)],
    ['leakyRelu of slope 0', { kind: 'leakyRelu', slope: 0 }, (x) => Math.max(0, x)],
  ];
  for (const [what, config, f] of cases) {
    it(`applies ${what} and has its derivative, without a bias and after one`, () => {
      const settings = activationOf(config);
      // None so close to 0 that a difference would reach over it.
      const x = drawTensor([9, 7], 1, (u) => 8 * u + 0.01 * Math.sign(u));
      const spec = { kind: 'activation', activation: settings } as const;
      // As a layer of its own it is the identity, which has no gradient operation.
      if (settings.kind !== 'linear')
        expectLayer(
          (values) => activation(values, spec, {}, passOf(engine, values)),
          (values) => values.map(f),
          [x],
          3e-6,
        );
      expectLayer(
        (values, bias) => engine.biasActivation(values, bias, settings),
        (values, bias) => values.map((value, at) => f(value + bias[at % 7]!)),
        [x, drawTensor([7], 2, () => 0.001)],
        3e-6,
      );
    });
  }

  it('keeps what is far from 0 finite, and its derivative', () => {
    const far = [-3e38, -1e3, -90, 90, 1e3, 3e38];
    for (const name of activationNames.filter((other) => other !== 'linear')) {
      tf.tidy(() => {
        const { value, grad } = tf.valueAndGrad((x: tf.Tensor) =>
          engine.biasActivation(x, undefined, activationOf(name)),
        )(tf.tensor1d(far), tf.onesLike(tf.tensor1d(far)));
        const outputs = Array.from(value.dataSync());
        expect(
          outputs.slice(1, -1).every(Number.isFinite),
          `${name} of ${outputs.join()}`,
        ).to.equal(true);
        const slopes = Array.from(grad.dataSync());
        expect(
          slopes.slice(1, -1).every(Number.isFinite),
          `slope of ${name}: ${slopes.join()}`,
        ).to.equal(true);
      });
    }
  });

  it('is accurate far below 0, where softplus and silu are small', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([-5, -10, -20, -40]);
      for (const name of ['softplus', 'silu'] as const) {
        const y = engine.biasActivation(x, undefined, activationOf(name)).dataSync();
        Array.from(x.dataSync()).forEach((value, at) => {
          expect(y[at]! / references[name](value)).to.be.closeTo(1, 1e-6);
        });
      }
    });
  });
});
