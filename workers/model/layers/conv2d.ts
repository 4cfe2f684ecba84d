import { tf } from '../../tf.js';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerOp } from './op.js';

export const conv2d: LayerOp<'conv2d'> = (x, { strides, padding, activation }, own, { engine }) => {
  const convolved = tf.conv2d(x as Tensor4D, own.kernel as unknown as Tensor4D, strides, padding);
  return engine.biasActivation(convolved, own.bias!, activation);
};
