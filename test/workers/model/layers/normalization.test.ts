import { expect } from 'chai';
import type { Engine } from '../../../../workers/engines/engine.js';
import { loadEngine } from '../../../../workers/engines/load.js';
import { batchNorm } from '../../../../workers/model/layers/batch-norm.js';
import { layerNorm } from '../../../../workers/model/layers/layer-norm.js';
import { tf } from '../../../../workers/tf.js';
import { expectClose } from '../../../support/close.js';
import { drawTensor } from '../../../support/drawn-tensor.js';
import { testedEngine } from '../../../support/engine.js';
import { passOf } from '../../../support/pass.js';
import { expectLayer } from '../../../support/expect-layer.js';

/** Mean and biased variance of every so many values from a first one on. */
function moments(values: Float64Array, first: number, step: number, count: number) {
  const own = Array.from({ length: count }, (_, at) => values[first + at * step]!);
  const mean = own.reduce((sum, value) => sum + value, 0) / count;
  return { mean, variance: own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count };
}

describe(`normalization on the ${testedEngine} engine`, () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine(testedEngine);
  });

  const noUpdate = { uniform: () => tf.scalar(0), update: () => undefined };
  const shapes = [
    [4, 3, 5, 3],
    [6, 7],
    [9, 1],
  ];
  for (const shape of shapes) {
    const channels = shape.at(-1)!;
    const rows = shape.reduce((product, length) => product * length, 1) / channels;
    // Away from 0, where a variance made of sums of squares would lose digits.
    const parameters = (mean: number) => [
      drawTensor(shape, 1, (u) => u + mean),
      drawTensor([channels], 2, (u) => u + 1),
      drawTensor([channels], 3),
    ];

    it(`normalizes the channels of [${shape.join()}] over a minibatch, and has its gradients`, () => {
      const spec = { kind: 'batchNorm', momentum: 0.9, epsilon: 1e-3 } as const;
      expectLayer(
        (x, gamma, beta) => {
          const moving = { movingMean: beta, movingVariance: gamma };
          const pass = passOf(engine, x, noUpdate);
          return batchNorm(x, spec, { gamma: gamma, beta: beta, ...moving }, pass);
        },
        (x, gamma, beta) =>
          x.map((value, at) => {
            const channel = at % channels;
            const { mean, variance } = moments(x, channel, channels, rows);
            const unit = (value - mean) / Math.sqrt(variance + 1e-3);
            return unit * gamma[channel]! + beta[channel]!;
          }),
        parameters(30),
        2e-5,
      );
    });

    it(`normalizes each row of [${shape.join()}] over its channels, and has its gradients`, () => {
      const spec = { kind: 'layerNorm', epsilon: 1e-3 } as const;
      expectLayer(
        (x, gamma, beta) => layerNorm(x, spec, { gamma: gamma, beta: beta }, passOf(engine, x)),
        (x, gamma, beta) =>
          x.map((value, at) => {
            const channel = at % channels;
            const { mean, variance } = moments(x, at - channel, 1, channels);
            const unit = (value - mean) / Math.sqrt(variance + 1e-3);
            return unit * gamma[channel]! + beta[channel]!;
          }),
        parameters(3),
        2e-5,
      );
    });
  }

  it('moves its means in training alone, and normalizes by them in evaluation', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([1, 10, 3, 30], [2, 2]);
      const own = {
        gamma: tf.tensor1d([1, 2]),
        beta: tf.tensor1d([0, 1]),
        movingMean: tf.tensor1d([0, 4]),
        movingVariance: tf.tensor1d([1, 16]),
      };
      const spec = { kind: 'batchNorm', momentum: 0.75, epsilon: 1e-6 } as const;
      const updates: Record<string, number[]> = {};
      const training = {
        uniform: noUpdate.uniform,
        update: (role: string, value: tf.Tensor) => {
          updates[role] = Array.from(value.dataSync());
        },
      };
      batchNorm(x, spec, own, passOf(engine, x, training));
      // Means 2 and 20, variances 1 and 100.
      expect(updates).to.deep.equal({ movingMean: [0.5, 8], movingVariance: [1, 37] });
      const evaluated = batchNorm(x, spec, own, passOf(engine, x));
      expectClose(evaluated.dataSync(), [1, 4, 3, 14], 1e-5);
      expect(Object.keys(updates)).to.have.length(2);
    });
  });
});
