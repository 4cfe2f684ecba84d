import { tf } from '../tf.js';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { ConvMaxPool } from './engine.js';

/** {@link Engine.convMaxPool} as two operations of TensorFlow.js, one after the other. */
export function convMaxPool(x: Tensor4D, kernel: Tensor4D, { conv, pool }: ConvMaxPool): Tensor4D {
  const convolved = tf.conv2d(x, kernel, conv.strides, conv.padding);
  return tf.maxPool(convolved, pool.poolSize, pool.strides, pool.padding);
}
