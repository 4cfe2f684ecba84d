import { tf } from '../../tf.js';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { projectionStrides } from '../../../src/model/layers/shapes.js';
import type { LayerOp } from './op.js';

export const residual: LayerOp<'residual'> = (x, _spec, own, { engine, inner }) => {
  const branch = inner(x);
  const kernel = own['projection.kernel'];
  if (kernel === undefined) return sum(branch, x);
  if (kernel.rank === 2) {
    return sum(branch, tf.matMul(x, kernel, false, engine.denseKernels === 'out, in'));
  }
  const strides = projectionStrides(x.shape.slice(1), branch.shape.slice(1))!;
  return sum(branch, tf.conv2d(x as Tensor4D, kernel as Tensor4D, [...strides], 'same'));
};

function sum(left: Tensor, right: Tensor): Tensor {
  const add = tf.customGrad((a, b) => ({
    value: tf.add(a as Tensor, b as Tensor),
    // Two tensors: each may be disposed of on its own.
    gradFunc: (dy: Tensor) => [tf.clone(dy), tf.clone(dy)],
  }));
  return add(left, right);
}
