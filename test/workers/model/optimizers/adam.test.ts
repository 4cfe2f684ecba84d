import { expect } from 'chai';
import type { Engine } from '../../../../workers/engines/engine.js';
import { loadEngine } from '../../../../workers/engines/load.js';
import { adam } from '../../../../workers/model/optimizers/adam.js';
import { tf } from '../../../../workers/tf.js';
import { expectClose } from '../../../support/close.js';
import { drawTensor } from '../../../support/drawn-tensor.js';
import { testedEngine } from '../../../support/engine.js';

const spec = { kind: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;
const size = 7;

/** Gradients of very different sizes; some are 0, as after ReLU. */
const gradientOf = (step: number) =>
  drawTensor([size], step, (u) => (u < -0.5 ? 0 : u * 10 ** -step));

/** Algorithm 1 of arXiv:1412.6980 in float64, with the epsilon of the end of its section 2. */
function algorithm1(start: Float32Array, gradients: readonly Float32Array[]): Float64Array {
  const [w, m, v] = [Float64Array.from(start), new Float64Array(size), new Float64Array(size)];
  gradients.forEach((gradient, index) => {
    const step = index + 1;
    for (let i = 0; i < size; i++) {
      m[i] = spec.beta1 * m[i]! + (1 - spec.beta1) * gradient[i]!;
      v[i] = spec.beta2 * v[i]! + (1 - spec.beta2) * gradient[i]! ** 2;
      const mean = m[i]! / (1 - spec.beta1 ** step);
      const square = v[i]! / (1 - spec.beta2 ** step);
      const epsilon = spec.epsilon / Math.sqrt(1 - spec.beta2 ** step);
      w[i] = w[i]! - (spec.learningRate * mean) / (Math.sqrt(square) + epsilon);
    }
  });
  return w;
}

describe(`adam on the ${testedEngine} engine`, () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine(testedEngine);
  });

  it('follows the published algorithm, and holds as many tensors after it as before', () => {
    const parameter = tf.variable(drawTensor([size], 100));
    const slots = { m: tf.variable(tf.zeros([size])), v: tf.variable(tf.zeros([size])) };
    const start = Float32Array.from(parameter.dataSync());
    const gradients: Float32Array[] = [];
    const before = tf.memory().numTensors;
    for (let step = 1; step <= 5; step += 1) {
      tf.tidy(() => {
        const gradient = gradientOf(step);
        gradients.push(Float32Array.from(gradient.dataSync()));
        const rate = tf.scalar(adam.rate!(step, spec.learningRate, spec));
        adam.update({ parameter, gradient, slots, rate }, spec, engine);
      });
    }
    expect(tf.memory().numTensors).to.equal(before);
    expectClose(parameter.dataSync(), algorithm1(start, gradients), 1e-6);
    tf.dispose([parameter, slots.m, slots.v]);
  });
});
