import { expect } from 'chai';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { LayerConfig } from '../../../src/model/layers.js';
import { planNetwork } from '../../../src/model/network.js';
import type { Engine } from '../../../workers/engines/engine.js';
import { loadEngine } from '../../../workers/engines/load.js';
import * as kinds from '../../../workers/model/layers/kinds.js';
import type { TrainingPass } from '../../../workers/model/layers/op.js';
import { buildNetwork, forward } from '../../../workers/model/network.js';
import { createParameters } from '../../../workers/model/parameters.js';
import { tf } from '../../../workers/tf.js';
import { drawTensor } from '../../support/drawn-tensor.js';
import { testedEngine } from '../../support/engine.js';
import { smallVariant } from '../../support/variants.js';

const conv = { kind: 'conv2d', filters: 4, kernelSize: 3, strides: 1, padding: 'same' } as const;
/** A layer of each kind, for inputs of 6 x 6 x 4. */
const layers: readonly LayerConfig[] = [
  { kind: 'activation', activation: 'gelu' },
  { kind: 'avgPool', poolSize: 2, strides: 2, padding: 'same' },
  { kind: 'batchNorm', momentum: 0.9, epsilon: 1e-3 },
  { ...conv, strides: [2, 1], dilation: [1, 2], padding: 'valid' },
  { ...conv, filters: 8, groups: 4, bias: false },
  { kind: 'dense', units: 5 },
  { kind: 'dropout', method: 'standard', rate: 0.4 },
  { kind: 'dropout', method: 'alpha', rate: 0.4 },
  { kind: 'dropout', method: 'spatial', rate: 0.4 },
  { kind: 'flatten' },
  { kind: 'globalAvgPool' },
  { kind: 'layerNorm', epsilon: 1e-3 },
  { kind: 'maxPool', poolSize: 2, strides: 2, padding: 'same' },
  { kind: 'repeat', times: 2, layers: [conv] },
  { kind: 'residual', layers: [{ ...conv, strides: 2 }] },
];

describe(`gradients on the ${testedEngine} engine`, () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine(testedEngine);
  });

  it('are tested for every kind of layer', () => {
    expect(new Set(layers.map(({ kind }) => kind))).to.deep.equal(new Set(Object.keys(kinds)));
  });

  for (const layer of layers) {
    it(`are those of finite differences: ${JSON.stringify(layer)}`, () => {
      // The kernel of the first layer has the gradient of what the layer under test takes.
      const first: LayerConfig = { ...conv, kernelSize: 1 };
      const isMatrix = layer.kind === 'dense';
      const before: LayerConfig[] = isMatrix ? [first, { kind: 'flatten' }] : [first];
      const after: LayerConfig[] =
        isMatrix || layer.kind === 'flatten' || layer.kind === 'globalAvgPool'
          ? []
          : [{ kind: 'flatten' }];
      const variant = smallVariant({
        layers: [...before, layer, ...after, { kind: 'dense', units: 3 }],
        activation: 'tanh',
        init: 'glorot',
      });
      const plan = planNetwork(variant, [6, 6, 2]);
      const parameters = createParameters(plan, 7, engine.denseKernels);
      const network = buildNetwork(plan, parameters);
      const trainable = [...parameters].filter(([, variable]) => variable.trainable);
      const training: TrainingPass = {
        uniform: (shape, stream) =>
          engine.statelessUniform(shape, tf.tensor1d([5, stream], 'int32')),
        update: () => undefined,
      };
      const weights = drawTensor([4, 3], 2);
      const inputs = drawTensor([4, 6, 6, 2], 3);
      // Products and sums have no gradients of their own here.
      const lossOf = () => {
        const total = tf.customGrad((outputs) => ({
          value: tf.sum(tf.mul(outputs as Tensor, weights)),
          gradFunc: (dy: Tensor) => tf.mul(weights, dy),
        }));
        return total(forward(network, { engine, inputs, training })) as Scalar;
      };
      const { grads } = tf.variableGrads(
        lossOf,
        trainable.map(([, variable]) => variable),
      );
      for (const [name, variable] of trainable) {
        const gradient = grads[variable.name]!.dataSync<'float32'>();
        const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const values = Float32Array.from(variable.dataSync());
        const lossAt = (index: number, step: number) =>
          tf.tidy(() => {
            variable.assign(tf.tensor(values.with(index, values[index]! + step), variable.shape));
            return lossOf().dataSync()[0]!;
          });
        // Wider, other values would be the largest of their windows.
        const width = layer.kind === 'maxPool' ? 2 ** -12 : 2 ** -8;
        for (const index of [0, Math.floor(values.length / 3), values.length - 1]) {
          const slope = (lossAt(index, width) - lossAt(index, -width)) / (2 * width);
          const what = `${name}, ${index}`;
          expect(gradient[index], what).to.be.closeTo(slope, 2e-3 * Math.max(1, largest));
        }
        tf.tidy(() => {
          variable.assign(tf.tensor(values, variable.shape));
        });
      }
      tf.dispose([grads, inputs, weights, ...parameters.values()]);
    });
  }
});
