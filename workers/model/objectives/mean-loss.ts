import { tf } from '../../tf.js';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';

/** The loss of one example, or of one output, with its derivative. */
export interface Loss {
  readonly loss: number;
  readonly derivative: number;
}

/**
 * The loss of one example.
 * @param outputs of the example
 * @param row the example's position
 * @param gradient of the loss with respect to the outputs, to be filled
 */
export type LossOfExample = (outputs: Float32Array, row: number, gradient: Float64Array) => number;

/**
 * Mean over the examples of a loss that is computed here, in float64 whatever the engine: outputs are few,
 * so this is quick, and the same to the bit on every engine.
 * @param outputs `[examples, outputs]` float32
 */
export function meanOverExamples(outputs: Tensor2D, lossOf: LossOfExample): Scalar {
  const [examples, width] = outputs.shape;
  const operation = tf.customGrad((x) => {
    const values = (x as Tensor).dataSync<'float32'>();
    const gradients = new Float32Array(values.length);
    const gradient = new Float64Array(width);
    let sum = 0;
    for (let row = 0; row < examples; row += 1) {
      const start = row * width;
      sum += lossOf(values.subarray(start, start + width), row, gradient);
      gradient.forEach((value, index) => (gradients[start + index] = value / examples));
    }
    return {
      value: tf.scalar(sum / examples),
      gradFunc: (dy: Tensor) => tf.mul(dy, tf.tensor(gradients, [examples, width])),
    };
  });
  return operation(outputs) as Scalar;
}

/**
 * Mean over examples and outputs of a loss of one output and its target, as Keras reduces it.
 * @param targets `[examples, outputs]` float32
 */
export function meanOverOutputs(
  outputs: Tensor2D,
  targets: Tensor,
  lossOf: (output: number, target: number) => Loss,
): Scalar {
  const wanted = targets.dataSync<'float32'>();
  const width = outputs.shape[1];
  return meanOverExamples(outputs, (own, row, gradient) => {
    let sum = 0;
    own.forEach((output, index) => {
      const { loss, derivative } = lossOf(output, wanted[row * width + index]!);
      sum += loss;
      gradient[index] = derivative / width;
    });
    return sum / width;
  });
}
