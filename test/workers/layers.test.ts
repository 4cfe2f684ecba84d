import { readFileSync } from 'node:fs';
import { tf } from '../../workers/tf.js';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { expect } from 'chai';
import { activationOf } from '../../src/model/activations.js';
import type { ActivationName } from '../../src/model/activations.js';
import type { Engine } from '../../workers/engines/engine.js';
import { loadEngine } from '../../workers/engines/load.js';
import { expectClose } from '../support/close.js';
import { drawTensor } from '../support/drawn-tensor.js';
import { testedEngine } from '../support/engine.js';

interface Differentiated {
  readonly shape: number[];
  readonly output: number[];
  readonly gradients: number[][];
}
type Shape4D = [number, number, number, number];

/** Written by scripts/goldens/layer_gradients.py; the inputs are drawn here as they are there. */
const golden = JSON.parse(readFileSync('test/workers/layers.golden.json', 'utf8')) as {
  readonly convolutions: readonly (Differentiated & {
    readonly x: Shape4D;
    readonly filter: Shape4D;
    readonly strides: number;
    readonly padding: 'same' | 'valid';
  })[];
  readonly pools: readonly (Differentiated & {
    readonly x: Shape4D;
    readonly window: number;
    readonly strides: number;
    readonly padding: 'same' | 'valid';
    readonly parts: number;
  })[];
  readonly matrices: readonly (Differentiated & {
    readonly a: [number, number];
    readonly b: [number, number];
  })[];
  readonly activations: readonly (Differentiated & {
    readonly name: ActivationName;
    readonly x: [number, number];
  })[];
  readonly crossEntropy: {
    readonly labels: number[];
    readonly loss: number;
    readonly gradient: number[];
  };
};

const tolerance = 5e-6;

/** Compares the output and the gradients of `sum(r * output)` with the golden's. */
function expectGradients(
  expected: Differentiated,
  inputs: Tensor[],
  layer: (...inputs: Tensor[]) => Tensor,
): void {
  tf.tidy(() => {
    const output = layer(...inputs);
    expect(output.shape).to.deep.equal(expected.shape);
    expectClose(output.dataSync(), expected.output, tolerance, 'the output');
    const gradients = tf.grads(layer)(inputs, drawTensor(expected.shape, 3));
    gradients.forEach((gradient, index) => {
      const what = `the gradient of input ${index}`;
      expectClose(gradient.dataSync(), expected.gradients[index]!, tolerance, what);
    });
  });
}

/** RMS error of sums of products of uniform values in [-1, 1), of the standard deviation of such sums. */
function relativeRms(got: ArrayLike<number>, exact: readonly number[], terms: number): number {
  const squares = exact.reduce((sum, value, at) => sum + (got[at]! - value) ** 2, 0);
  return Math.sqrt(squares / exact.length) / (Math.sqrt(terms) / 3);
}

/** Of `[2, 9, 7, 1]` with `[5, 5, 1, 9]`, valid. */
function convolveInFloat64(image: ArrayLike<number>, kernel: ArrayLike<number>): Float64Array {
  const out = new Float64Array(2 * 5 * 3 * 9);
  for (let at = 0; at < out.length; at++) {
    const [filter, x, y] = [at % 9, Math.floor(at / 9) % 3, Math.floor(at / 27) % 5];
    const corner = Math.floor(at / 135) * 63 + y * 7 + x;
    for (let tap = 0; tap < 25; tap++) {
      out[at]! += image[corner + Math.floor(tap / 5) * 7 + (tap % 5)]! * kernel[tap * 9 + filter]!;
    }
  }
  return out;
}

describe(`a layer on the ${testedEngine} engine, against TensorFlow's output and gradients`, () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine(testedEngine);
  });

  for (const { x, filter, strides, padding, ...expected } of golden.convolutions) {
    it(`convolves [${x.join()}] with [${filter.join()}], strides ${strides}, ${padding}`, () => {
      expectGradients(expected, [drawTensor(x, 1), drawTensor(filter, 2)], (image, kernel) =>
        tf.conv2d(image as Tensor4D, kernel as Tensor4D, strides, padding),
      );
    });
  }

  if (testedEngine === 'wasm') {
    it('rounds the sums of a small filter once', () => {
      tf.tidy(() => {
        const [image, kernel] = [drawTensor([2, 9, 7, 1], 1), drawTensor([5, 5, 1, 9], 2)];
        const got = tf.conv2d(image as Tensor4D, kernel as Tensor4D, 1, 'valid').dataSync();
        const exact = convolveInFloat64(image.dataSync(), kernel.dataSync());
        expect(Array.from(got)).to.deep.equal(Array.from(exact, Math.fround));
      });
    });

    it('errs by no more than short sums do in a product of 4096 terms', () => {
      tf.tidy(() => {
        const [left, right] = [drawTensor([4, 4096], 1), drawTensor([4096, 8], 2)];
        const got = tf.matMul(left, right).dataSync();
        const [a, b] = [left.dataSync(), right.dataSync()];
        const exact = Array.from(got, (_, at) => {
          let sum = 0;
          for (let k = 0; k < 4096; k++) {
            sum += a[Math.floor(at / 8) * 4096 + k]! * b[k * 8 + (at % 8)]!;
          }
          return sum;
        });
        // Sums of 128 terms err by 2.0e-7.
        expect(relativeRms(got, exact, 4096)).to.be.lessThan(1.7e-7);
      });
    });

    it('errs by less in a convolution, whose largest units are chosen', () => {
      tf.tidy(() => {
        const [image, kernel] = [drawTensor([16, 5, 5, 32], 1), drawTensor([5, 5, 32, 8], 2)];
        const got = tf.conv2d(image as Tensor4D, kernel as Tensor4D, 1, 'valid').dataSync();
        const [x, filter] = [image.dataSync(), kernel.dataSync()];
        const exact = Array.from(got, (_, at) => {
          let sum = 0;
          for (let k = 0; k < 800; k++) {
            sum += x[Math.floor(at / 8) * 800 + k]! * filter[k * 8 + (at % 8)]!;
          }
          return sum;
        });
        // Sums of sums in float32 err by 1.4e-7.
        expect(relativeRms(got, exact, 800)).to.be.lessThan(1.1e-7);
      });
    });
  }

  for (const { x, window, strides, padding, parts, ...expected } of golden.pools) {
    it(`pools [${x.join()}] by ${window}, strides ${strides}, ${padding}, ties to the first`, () => {
      const values = drawTensor(x, 1, (value) => Math.floor(Math.fround(value * parts)));
      expectGradients(expected, [values], (image) =>
        tf.maxPool(image as Tensor4D, window, strides, padding),
      );
    });
  }

  const ties = [
    // Halved by fours of channels, a kernel of its own on wasm; the others are for any window.
    { image: [2, 4, 6, 4], window: 2, strides: 2, padding: 'same' },
    { image: [2, 5, 5, 3], window: 2, strides: 2, padding: 'same' },
    { image: [1, 7, 5, 4], window: 3, strides: 2, padding: 'same' },
    { image: [1, 6, 7, 1], window: 3, strides: 1, padding: 'valid' },
  ] as const;
  for (const { image, window, strides, padding } of ties) {
    it(`gives what is equal all over [${image.join()}] to the first of ${window}x${window}, strides ${strides}, ${padding}`, () => {
      tf.tidy(() => {
        const [images, height, width, channels] = image;
        // Below 0, where zeros of a padding would be the maximum.
        const x = tf.fill([...image], -2);
        const pool = (values: Tensor) => tf.maxPool(values as Tensor4D, window, strides, padding);
        const pooled = pool(x);
        expect(new Set(pooled.dataSync())).to.deep.equal(new Set([-2]));
        const [, rows, columns] = pooled.shape;
        const first = (position: number, length: number, count: number) => {
          const reach = Math.max(0, (count - 1) * strides + window - length);
          const before = padding === 'same' ? Math.floor(reach / 2) : 0;
          return Math.max(0, position * strides - before);
        };
        const wanted = new Float32Array(x.size);
        for (let image = 0; image < images; image++) {
          for (let row = 0; row < rows; row++) {
            for (let column = 0; column < columns; column++) {
              const [y, z] = [first(row, height, rows), first(column, width, columns)];
              const at = ((image * height + y) * width + z) * channels;
              for (let channel = 0; channel < channels; channel++) wanted[at + channel]! += 1;
            }
          }
        }
        const gradient = tf.grad(pool)(x, tf.onesLike(pooled));
        expect(Array.from(gradient.dataSync())).to.deep.equal(Array.from(wanted));
      });
    });
  }

  for (const { a, b, ...expected } of golden.matrices) {
    it(`multiplies [${a.join()}] by [${b.join()}]`, () => {
      expectGradients(expected, [drawTensor(a, 1), drawTensor(b, 2)], (left, right) =>
        tf.matMul(left, right),
      );
    });

    it(`multiplies [${a.join()}] by the transpose of [${b.toReversed().join()}]`, () => {
      tf.tidy(() => {
        const product = (left: Tensor, right: Tensor) => tf.matMul(left, right, false, true);
        const inputs = [drawTensor(a, 1), tf.transpose(drawTensor(b, 2))];
        const [left, right] = tf.grads(product)(inputs, drawTensor(expected.shape, 3));
        const output = product(inputs[0]!, inputs[1]!).dataSync();
        expectClose(output, expected.output, tolerance, 'the output');
        expectClose(left!.dataSync(), expected.gradients[0]!, tolerance, 'the left gradient');
        const upright = tf.transpose(right!).dataSync();
        expectClose(upright, expected.gradients[1]!, tolerance, 'the right gradient');
      });
    });
  }

  for (const { name, x, ...expected } of golden.activations) {
    it(`adds a bias and applies ${name}`, () => {
      const half = (value: number) => Math.floor(2 * value) / 2;
      const spread = drawTensor(x, 1, (value) => 3 * value);
      const evenRow = tf.tensor2d(Array.from({ length: x[0] }, (_, row) => [row % 2 === 0]));
      const inputs = [
        tf.where(
          evenRow,
          drawTensor(x, 1, (value) => half(3 * value)),
          spread,
        ),
        drawTensor(x.slice(-1), 2, half),
      ];
      expectGradients(expected, inputs, (values, bias) =>
        engine.biasActivation(values, bias, activationOf(name)),
      );
    });
  }

  it('has the mean softmax cross-entropy as its loss', () => {
    const { labels, loss, gradient } = golden.crossEntropy;
    tf.tidy(() => {
      const logits = drawTensor([5, 4], 1, (value) => 8 * value) as Tensor2D;
      const classes = tf.tensor1d(labels, 'int32');
      const { value, grad } = tf.valueAndGrad((x: Tensor) =>
        engine.softmaxCrossEntropy(x as Tensor2D, classes),
      )(logits);
      expectClose(value.dataSync(), [loss], 1e-6, 'the loss');
      expectClose(grad.dataSync(), gradient, tolerance, 'the gradient');
    });
  });

  it('keeps a cross-entropy of huge logits finite', () => {
    tf.tidy(() => {
      const logits = tf.tensor2d([[3e38, -3e38, 0]]);
      const labels: Tensor1D = tf.tensor1d([0], 'int32');
      expect(engine.softmaxCrossEntropy(logits, labels).dataSync()[0]).to.equal(0);
    });
  });
});
