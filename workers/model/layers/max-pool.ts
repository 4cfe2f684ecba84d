import { tf } from '../../tf.js';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerOp } from './op.js';

export const maxPool: LayerOp<'maxPool'> = (x, { poolSize, strides, padding }) =>
  tf.maxPool(x as Tensor4D, poolSize, strides, padding);
