import { expect } from 'chai';
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from '../../workers/tf.js';
import { expectClose } from './close.js';
import { drawTensor } from './drawn-tensor.js';

/** A layer in float64, written for the test: the output of the inputs' values. */
export type Reference = (...inputs: Float64Array[]) => ArrayLike<number>;

/**
 * Expects a layer's output to be the reference's, and the gradients of `sum(r * output)` to be the
 * reference's central differences.
 * @param tolerance of what float32 may differ by, as a part of the largest value
 */
export function expectLayer(
  layer: (...inputs: Tensor[]) => Tensor,
  reference: Reference,
  inputs: readonly Tensor[],
  tolerance = 1e-5,
): void {
  tf.tidy(() => {
    const values = inputs.map((input) => Float64Array.from(input.dataSync()));
    const output = layer(...inputs);
    expectClose(output.dataSync(), Array.from(reference(...values)), tolerance, 'the output');
    const r = drawTensor(output.shape, 99);
    const weights = r.dataSync();
    const total = (all: Float64Array[]) =>
      Array.from(reference(...all)).reduce((sum, value, at) => sum + value * weights[at]!, 0);
    const gradients = tf.grads(layer)([...inputs], r);
    gradients.forEach((gradient, index) => {
      expect(gradient.shape).to.deep.equal(inputs[index]!.shape);
      const slopes = Array.from(values[index]!, (value, at) => {
        const moved = (by: number) =>
          total(values.with(index, values[index]!.with(at, value + by)));
        return (moved(step) - moved(-step)) / (2 * step);
      });
      expectClose(gradient.dataSync(), slopes, tolerance, `the gradient of input ${index}`);
    });
  });
}

/** Errs by less than float32 does, where a third derivative is not large. */
const step = 1e-4;
