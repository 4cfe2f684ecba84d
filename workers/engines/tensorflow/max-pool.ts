import { tf } from '../../tf.js';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { Attribute } from './binding.js';
import type { Operations } from './operations.js';

/** Attributes TensorFlow.js gives pooling. */
export interface PoolAttributes {
  readonly filterSize: number | readonly [number, number];
  readonly strides: number | readonly [number, number];
  readonly pad: 'same' | 'valid';
}

/**
 * Max pooling with oneDNN's kernel, which TensorFlow takes in graphs but not for single operations.
 * @returns the maxima, and where in its window each was, as bytes
 */
export function fastMaxPool(
  ops: Operations,
  x: TensorInfo,
  attributes: PoolAttributes,
): [Tensor, Tensor] {
  const all = poolAttributes(ops, attributes);
  return ops.runMany('_MklNativeMaxPool', [x], all, 2) as [Tensor, Tensor];
}

/**
 * Its gradient: the places are known, so there is nothing to search.
 * @param inputs x, the maxima, their gradient and their places
 */
export function fastMaxPoolGradient(
  ops: Operations,
  inputs: readonly TensorInfo[],
  attributes: PoolAttributes,
): Tensor {
  return ops.run('_MklNativeMaxPoolGrad', inputs, poolAttributes(ops, attributes));
}

function poolAttributes(ops: Operations, attributes: PoolAttributes): Attribute[] {
  const window = (size: number | readonly [number, number]): number[] =>
    typeof size === 'number' ? [1, size, size, 1] : [1, ...size, 1];
  return [
    ops.float,
    ops.integers('ksize', window(attributes.filterSize)),
    ops.integers('strides', window(attributes.strides)),
    ops.text('padding', attributes.pad.toUpperCase()),
    ops.text('data_format', 'NHWC'),
    ops.flag('workspace_enabled', true),
    // Names the variant of the kernel that keeps TensorFlow's own memory layout.
    ops.text('_kernel', 'MklNameChangeOp'),
  ];
}

/**
 * Whether this build has oneDNN's pooling (x86-64, CPU, oneDNN on) and it gives a tie to the first
 * maximum.
 */
export function hasFastPooling(ops: Operations): boolean {
  const attributes: PoolAttributes = { filterSize: 2, strides: 2, pad: 'same' };
  return ops.has(() => {
    const x = tf.ones([1, 2, 2, 1]);
    const [y, places] = fastMaxPool(ops, x, attributes);
    const dx = fastMaxPoolGradient(ops, [x, y, tf.ones([1, 1, 1, 1]), places], attributes);
    return dx.dataSync().join() === '1,0,0,0';
  });
}
