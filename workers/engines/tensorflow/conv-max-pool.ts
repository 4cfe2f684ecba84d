import { tf } from '../../tf.js';
import type { GradSaveFunc, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { convMaxPool } from '../conv-max-pool.js';
import type { ConvMaxPool, Engine } from '../engine.js';
import { fastMaxPool } from './max-pool.js';
import type { PoolAttributes } from './max-pool.js';
import type { Operations } from './operations.js';

/**
 * {@link Engine.convMaxPool} with a gradient that takes only what passed the pooling: `native/` says how.
 * @param threads of this session, which share the images of a minibatch
 */
export function sparseConvMaxPool(ops: Operations, threads: number): Engine['convMaxPool'] {
  return (x, kernel, layers) =>
    fits(x, kernel, layers)
      ? differentiable(ops, x, kernel, layers, threads)
      : convMaxPool(x, kernel, layers);
}

/** Whether the native gradient is there and right, and faster than the dense one, for these layers. */
function fits(x: Tensor4D, kernel: Tensor4D, { conv, pool, first }: ConvMaxPool): boolean {
  const [, height, width, inputs] = x.shape;
  const size = conv.kernelSize;
  const lost = conv.padding === 'same' ? 0 : size - 1;
  // Windows of valid pooling never reach beyond their input.
  const inside = (length: number) =>
    pool.padding === 'valid' ||
    (Math.ceil(length / pool.strides) - 1) * pool.strides + pool.poolSize <= length;
  return (
    kernel.shape[0] === size &&
    (size === 3 || size === 5) &&
    conv.strides === 1 &&
    // Places are bytes, and of a smaller window too much passes.
    pool.poolSize >= 2 &&
    pool.poolSize <= 15 &&
    pool.strides >= 2 &&
    inside(height - lost) &&
    inside(width - lost) &&
    // Whole vectors of channels, or a single channel.
    (inputs === 1 ? first : inputs % 8 === 0)
  );
}

function differentiable(
  ops: Operations,
  x: Tensor4D,
  kernel: Tensor4D,
  layers: ConvMaxPool,
  threads: number,
): Tensor4D {
  const { conv, first } = layers;
  const forward = (save: unknown): Tensor4D => {
    const convolved = tf.conv2d(x, kernel, conv.strides, conv.padding);
    const [y, places] = fastMaxPool(ops, convolved, poolAttributes(layers));
    convolved.dispose();
    (save as GradSaveFunc)([x, kernel, places]);
    return y as Tensor4D;
  };
  const gradFunc = (dy: Tensor, [input, filter, places]: Tensor[]): Tensor[] => {
    const [dFilter, dx] = gradients(ops, [input!, filter!, dy, places!], layers, threads);
    return first ? [dFilter] : [dx, dFilter];
  };
  // What is no input of the operation gets no gradient.
  return first
    ? tf.customGrad((_kernel, save) => ({ value: forward(save), gradFunc }))(kernel)
    : tf.customGrad((_x, _kernel, save) => ({ value: forward(save), gradFunc }))(x, kernel);
}

/** Whether the binding was built with the native gradient, and it gives what it should here. */
export function hasSparseGradient(ops: Operations): boolean {
  const conv = { kind: 'conv2d', filters: 1, kernelSize: 3, strides: 1, padding: 'same' } as const;
  const pool = { kind: 'maxPool', poolSize: 2, strides: 2, padding: 'same' } as const;
  const layers = { conv, pool, first: true };
  return ops.has(() => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    // The last of the only window's places passes; what its taps lie on is the filter's gradient.
    const places = fastMaxPool(ops, tf.tensor4d([0, 0, 0, 1], x.shape), poolAttributes(layers))[1];
    const inputs = [x, tf.zeros([3, 3, 1, 1]), tf.ones([1, 1, 1, 1]), places];
    const [dFilter] = gradients(ops, inputs, layers, 1);
    return dFilter.dataSync().join() === '1,2,0,3,4,0,0,0,0';
  });
}

function poolAttributes({ pool }: ConvMaxPool): PoolAttributes {
  return { filterSize: pool.poolSize, strides: pool.strides, pad: pool.padding };
}

/**
 * @param inputs x, the kernel, the gradient of the maxima, and their places
 * @returns the gradient of the kernel, and of x or, of the first layer, nothing
 */
function gradients(
  ops: Operations,
  inputs: readonly Tensor[],
  { conv, pool, first }: ConvMaxPool,
  threads: number,
): [Tensor, Tensor] {
  const pad = conv.padding === 'same' ? (conv.kernelSize - 1) / 2 : 0;
  const attributes = [
    ops.integers('pad_top', pad),
    ops.integers('pad_left', pad),
    ops.integers('pool_width', pool.poolSize),
    ops.integers('stride_height', pool.strides),
    ops.integers('stride_width', pool.strides),
    ops.integers('threads', threads),
    ops.flag('input_gradient', !first),
  ];
  return ops.runMany('LockstepConvMaxPoolGrad', inputs, attributes, 2) as [Tensor, Tensor];
}
