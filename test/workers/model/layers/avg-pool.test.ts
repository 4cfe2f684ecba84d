import { expect } from 'chai';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Engine } from '../../../../workers/engines/engine.js';
import { loadEngine } from '../../../../workers/engines/load.js';
import { avgPool } from '../../../../workers/model/layers/avg-pool.js';
import { tf } from '../../../../workers/tf.js';
import { expectClose } from '../../../support/close.js';
import { drawTensor } from '../../../support/drawn-tensor.js';
import { testedEngine } from '../../../support/engine.js';
import { passOf } from '../../../support/pass.js';

const images = 2;
const channels = 3;

interface Case {
  readonly height: number;
  readonly width: number;
  readonly poolSize: number;
  readonly strides: number;
  readonly padding: 'same' | 'valid';
}

const cases: readonly Case[] = [
  { height: 6, width: 4, poolSize: 2, strides: 2, padding: 'valid' },
  { height: 7, width: 5, poolSize: 2, strides: 2, padding: 'same' },
  { height: 7, width: 6, poolSize: 3, strides: 2, padding: 'same' },
  { height: 5, width: 8, poolSize: 3, strides: 1, padding: 'valid' },
  { height: 5, width: 4, poolSize: 2, strides: 3, padding: 'same' },
];

/** In float64, window by window; TensorFlow puts the larger half of the padding after the image. */
function average(x: ArrayLike<number>, c: Case): number[] {
  const { height, width, poolSize, strides, padding } = c;
  const outputs = (length: number) =>
    padding === 'same'
      ? Math.ceil(length / strides)
      : Math.floor((length - poolSize) / strides) + 1;
  const before = (length: number) =>
    padding === 'same'
      ? Math.floor(Math.max(0, (outputs(length) - 1) * strides + poolSize - length) / 2)
      : 0;
  const means: number[] = [];
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < outputs(height); row++) {
      for (let column = 0; column < outputs(width); column++) {
        for (let channel = 0; channel < channels; channel++) {
          const [top, left] = [row * strides - before(height), column * strides - before(width)];
          const inside: number[] = [];
          for (let i = Math.max(0, top); i < Math.min(height, top + poolSize); i++) {
            for (let j = Math.max(0, left); j < Math.min(width, left + poolSize); j++) {
              inside.push(x[((image * height + i) * width + j) * channels + channel]!);
            }
          }
          means.push(inside.reduce((sum, value) => sum + value, 0) / inside.length);
        }
      }
    }
  }
  return means;
}

describe(`avgPool on the ${testedEngine} engine`, () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine(testedEngine);
  });

  for (const c of cases) {
    const { height, width, poolSize, strides, padding } = c;
    const spec = { kind: 'avgPool', poolSize, strides, padding } as const;
    const pool = (x: Tensor) => avgPool(x, spec, {}, passOf(engine, x));
    const shape = [images, height, width, channels];

    it(`averages ${height}x${width} by ${poolSize}, strides ${strides}, ${padding}`, () => {
      tf.tidy(() => {
        const x = drawTensor(shape, 1);
        expectClose(pool(x).dataSync(), average(x.dataSync(), c), 1e-6);
      });
    });

    it(`has the gradient of finite differences there`, () => {
      tf.tidy(() => {
        const x = drawTensor(shape, 1);
        const weights = drawTensor(pool(x).shape, 2);
        const total = (values: ArrayLike<number>) => {
          const r = weights.dataSync();
          return average(values, c).reduce((sum, mean, at) => sum + mean * r[at]!, 0);
        };
        const values = Float64Array.from(x.dataSync());
        // Averages are linear, so any step gives the slope.
        const slopes = Array.from(
          values,
          (value, at) => total(values.with(at, value + 1)) - total(values),
        );
        const gradient = tf.grad(pool)(x, weights);
        expect(gradient.shape).to.deep.equal(shape);
        expectClose(gradient.dataSync(), slopes, 1e-5);
      });
    });
  }
});
