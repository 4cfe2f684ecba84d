import { tf } from '../../tf.js';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerOp } from './op.js';

export const globalAvgPool: LayerOp<'globalAvgPool'> = (x) => {
  const [images, height, width, channels] = x.shape as [number, number, number, number];
  const operation = tf.customGrad((image) => ({
    value: tf.reshape(tf.avgPool(image as Tensor4D, [height, width], 1, 'valid'), [
      images,
      channels,
    ]),
    gradFunc: (dy: Tensor) =>
      tf.mul(
        tf.reshape(dy, [images, 1, 1, channels]),
        tf.fill([1, height, width, 1], 1 / (height * width)),
      ),
  }));
  return operation(x);
};
