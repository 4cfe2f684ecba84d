import { tf } from '../../tf.js';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { leadingPadding } from '../conv-max-pool.js';
import type { SparseGradients } from '../conv-max-pool.js';
import type { ConvMaxPool } from '../engine.js';
import { fastMaxPool } from './max-pool.js';
import type { PoolAttributes } from './max-pool.js';
import type { Operations } from './operations.js';

/**
 * Gradients of pooled convolutions that take only what passed the pooling: `native/` says how.
 * @param threads of this session, which share the images of a minibatch
 */
export function sparseGradients(ops: Operations, threads: number): SparseGradients {
  return {
    lanes: 8,
    wholeOutputs: false,
    pool(convolved, layers) {
      const [pooled, places] = fastMaxPool(ops, convolved, poolAttributes(layers));
      convolved.dispose();
      return [pooled as Tensor4D, places];
    },
    gradients({ x, kernel, maxima }, dy, layers) {
      const [dKernel, dx] = gradients(ops, [x, kernel, dy, maxima], layers, threads);
      if (!layers.first) return [dKernel, dx];
      dx.dispose();
      return [dKernel];
    },
  };
}

/** Whether the binding has the native gradient and it gives correct results here. */
export function hasSparseGradient(ops: Operations): boolean {
  const conv = { filters: 1, kernelSize: [3, 3], strides: [1, 1], padding: 'same' } as const;
  const pool = { poolSize: 2, strides: 2, padding: 'same' } as const;
  const layers = { conv, pool, first: true };
  return ops.has(() => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    // The last place of the only window passes; the inputs under its taps are the filter's gradient.
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
 * @returns the gradient of the kernel and, unless the layer is the first, of x
 */
function gradients(
  ops: Operations,
  inputs: readonly Tensor[],
  { conv, pool, first }: ConvMaxPool,
  threads: number,
): [Tensor, Tensor] {
  const pad = leadingPadding(conv);
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
