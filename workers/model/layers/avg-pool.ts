import { tf } from '../../tf.js';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { SpecOf } from '../../../src/model/layers.js';
import type { LayerOp } from './op.js';

type Shape4D = [number, number, number, number];

/** The mean of what lies inside the image, so that padding counts for nothing. */
export const avgPool: LayerOp<'avgPool'> = (x, spec) => {
  const { poolSize, strides, padding } = spec;
  const operation = tf.customGrad((input) => ({
    value: tf.avgPool(input as Tensor4D, poolSize, strides, padding),
    gradFunc: (dy: Tensor) => gradient(dy as Tensor4D, x.shape as Shape4D, spec),
  }));
  return operation(x);
};

/**
 * Each gradient, in equal parts, to all pixels of its window: what a convolution with ones gives back,
 * channel by channel, which every engine has a fast kernel for.
 */
function gradient(
  dy: Tensor4D,
  [images, height, width, channels]: Shape4D,
  { poolSize, strides, padding }: SpecOf<'avgPool'>,
): Tensor4D {
  const ones = tf.ones<tf.Rank.R4>([poolSize, poolSize, 1, 1]);
  const pixels = tf.conv2d(tf.ones<tf.Rank.R4>([1, height, width, 1]), ones, strides, padding);
  const shares = tf.transpose(tf.div(dy, pixels), [0, 3, 1, 2]);
  const [, , rows, columns] = shares.shape as Shape4D;
  const planes = tf.reshape<tf.Rank.R4>(shares, [images * channels, rows, columns, 1]);
  const shape: Shape4D = [images * channels, height, width, 1];
  const spread = tf.conv2dTranspose(planes, ones, shape, strides, padding);
  return tf.transpose(tf.reshape(spread, [images, channels, height, width]), [0, 2, 3, 1]);
}
