import { expect } from 'chai';
import fc from 'fast-check';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { inspectNative, nativePackageRoot } from '../../src/engines/native.js';
import { convMaxPool } from '../../workers/engines/conv-max-pool.js';
import type { ConvMaxPool, Engine } from '../../workers/engines/engine.js';
import { loadEngine } from '../../workers/engines/load.js';
import { tf } from '../../workers/tf.js';
import { expectClose } from '../support/close.js';
import { drawTensor } from '../support/drawn-tensor.js';
import { testedEngine } from '../support/engine.js';

interface Case {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernelSize: number;
  readonly convPadding: 'same' | 'valid';
  readonly poolSize: number;
  readonly poolStrides: number;
  readonly poolPadding: 'same' | 'valid';
  readonly first: boolean;
  readonly seed: number;
}

/** Sizes around those of vectors, and odd ones; windows that leave out rows, overlap, or are padded. */
const cases: fc.Arbitrary<Case> = fc.record({
  images: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 8, max: 13 }),
  width: fc.integer({ min: 8, max: 13 }),
  inputs: fc.constantFrom(1, 3, 4, 8, 12, 16, 24, 32),
  outputs: fc.constantFrom(1, 4, 5, 8, 17, 20),
  kernelSize: fc.constantFrom(1, 2, 3, 5),
  convPadding: fc.constantFrom('same', 'valid'),
  poolSize: fc.constantFrom(2, 3),
  poolStrides: fc.constantFrom(1, 2, 3),
  poolPadding: fc.constantFrom('same', 'valid'),
  first: fc.boolean(),
  seed: fc.integer({ min: 0, max: 1000 }),
});

function layersOf(c: Case): ConvMaxPool {
  const { kernelSize, convPadding, poolSize, poolStrides, poolPadding, first } = c;
  return {
    conv: {
      filters: c.outputs,
      kernelSize: [kernelSize, kernelSize],
      strides: [1, 1],
      padding: convPadding,
    },
    pool: { poolSize, strides: poolStrides, padding: poolPadding },
    first,
  };
}

/** The output, and the gradients of `sum(r * output)`; of the first layer only the kernel's. */
function differentiated(
  layer: (x: Tensor4D, kernel: Tensor4D) => Tensor4D,
  x: Tensor4D,
  kernel: Tensor4D,
  { first, seed }: Case,
): Float32Array[] {
  return tf.tidy(() => {
    const output = layer(x, kernel);
    // Half of it zeros, as after ReLU.
    const weights = drawTensor(output.shape, seed + 3, (u) => Math.max(0, u));
    const gradients = first
      ? [tf.grad((k) => layer(x, k as Tensor4D))(kernel, weights)]
      : tf.grads((a, k) => layer(a as Tensor4D, k as Tensor4D))([x, kernel], weights);
    return [output, ...gradients].map((tensor) => Float32Array.from(tensor.dataSync()));
  });
}

describe(`convMaxPool of the ${testedEngine} engine`, () => {
  let engine: Engine;
  before(async function () {
    this.timeout(60_000);
    engine = await loadEngine(testedEngine);
  });

  it('takes the gradient of its own where it was built', function () {
    const found = inspectNative(nativePackageRoot());
    const built =
      testedEngine === 'wasm' ||
      (process.arch === 'x64' && found.installed && found.stamp?.patched === true);
    if (!built) this.skip();
    expect(engine.describe().details.convMaxPoolGradient).to.equal('sparse');
  });

  it('equals the two layers one after the other, gradients included', function () {
    this.timeout(120_000);
    fc.assert(
      fc.property(cases, (c) => {
        tf.tidy(() => {
          const { images, height, width, inputs, outputs, kernelSize, seed } = c;
          const layers = layersOf(c);
          const x = drawTensor([images, height, width, inputs], seed + 1) as Tensor4D;
          const kernel = drawTensor(
            [kernelSize, kernelSize, inputs, outputs],
            seed + 2,
          ) as Tensor4D;
          const own = differentiated((a, b) => engine.convMaxPool(a, b, layers), x, kernel, c);
          const wanted = differentiated((a, b) => convMaxPool(a, b, layers), x, kernel, c);
          expect(own).to.have.length(wanted.length);
          wanted.forEach((values, index) => {
            expectClose(own[index]!, Array.from(values), 2e-5, `result ${index}`);
          });
        });
      }),
      { numRuns: 100 },
    );
  });

  it('gives a tie to the first maximum of the window', () => {
    const layers = layersOf({
      ...{ images: 1, height: 4, width: 4, inputs: 1, outputs: 1, seed: 0, first: true },
      ...{ kernelSize: 3, convPadding: 'same', poolSize: 2, poolStrides: 2, poolPadding: 'same' },
    });
    tf.tidy(() => {
      const x = tf.reshape<tf.Rank.R4>(tf.range(1, 17), [1, 4, 4, 1]);
      // Every place of every window is 0: the first one passes, and what its taps lie on is summed.
      const kernel = tf.zeros<tf.Rank.R4>([3, 3, 1, 1]);
      const ones = tf.ones([1, 2, 2, 1]);
      const gradient = tf.grad((k) => engine.convMaxPool(x, k as Tensor4D, layers))(kernel, ones);
      // Windows start at pixels 1, 3, 9 and 11; some of their neighbours lie outside.
      const sums = [6, 12, 14, 12, 24, 28, 20, 40, 44];
      expect(Array.from(gradient.dataSync())).to.deep.equal(sums);
    });
  });
});
