import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ActivationName } from '../../src/protocol/index.js';

/** Slope of leakyRelu for negative inputs (TensorFlow's default). */
export const leakyReluSlope = 0.2;

/**
 * The activation functions, elementwise. selu has alpha 1.6732632423543772 and scale
 * 1.0507009873554805 (Klambauer et al., arXiv:1706.02515, equation 2); elu has alpha 1.
 */
export const activations: Readonly<Record<ActivationName, (x: Tensor) => Tensor>> = {
  linear: (x) => tf.clone(x),
  relu: (x) => tf.relu(x),
  selu: (x) => tf.selu(x),
  elu: (x) => tf.elu(x),
  leakyRelu: (x) => tf.leakyRelu(x, leakyReluSlope),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
};
