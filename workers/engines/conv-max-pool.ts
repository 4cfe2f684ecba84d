import { tf } from '../tf.js';
import type { GradSaveFunc, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { ConvMaxPool, Engine } from './engine.js';

/** {@link Engine.convMaxPool} as two operations of TensorFlow.js, one after the other. */
export function convMaxPool(x: Tensor4D, kernel: Tensor4D, { conv, pool }: ConvMaxPool): Tensor4D {
  const convolved = tf.conv2d(x, kernel, [...conv.strides], conv.padding);
  return tf.maxPool(convolved, pool.poolSize, pool.strides, pool.padding);
}

/** An engine's operations for gradients that take only what passed the pooling. */
export interface SparseGradients {
  /** Channels of its vectors: the number of input channels is a multiple of it, or one. */
  readonly lanes: number;
  /** Whether the number of output channels must be a multiple of it. */
  readonly wholeOutputs: boolean;
  /**
   * Pools and disposes of `convolved`, or hands it on as the maxima.
   * @returns the pooled maxima, and where they are, for the gradients
   */
  pool(convolved: Tensor4D, layers: ConvMaxPool): readonly [pooled: Tensor4D, maxima: Tensor];
  /** @returns the gradient of the kernel, and of x unless the layer is the first */
  gradients(
    saved: { readonly x: Tensor; readonly kernel: Tensor; readonly maxima: Tensor },
    dy: Tensor,
    layers: ConvMaxPool,
  ): readonly [dKernel: Tensor, dx?: Tensor];
}

/** {@link Engine.convMaxPool} with sparse gradients for the layers they support and are fast for. */
export function sparseConvMaxPool(sparse: SparseGradients): Engine['convMaxPool'] {
  return (x, kernel, layers) =>
    fits(sparse, x, kernel, layers)
      ? differentiable(sparse, x, kernel, layers)
      : convMaxPool(x, kernel, layers);
}

function fits(
  { lanes, wholeOutputs }: SparseGradients,
  x: Tensor4D,
  kernel: Tensor4D,
  { conv, pool, first }: ConvMaxPool,
): boolean {
  const [, height, width, inputs] = x.shape;
  const [size] = conv.kernelSize;
  const lost = conv.padding === 'same' ? 0 : size - 1;
  // Windows of valid pooling never reach beyond their input.
  const inside = (length: number) =>
    pool.padding === 'valid' ||
    (Math.ceil(length / pool.strides) - 1) * pool.strides + pool.poolSize <= length;
  return (
    kernel.shape[0] === size &&
    (size === 3 || size === 5) &&
    conv.kernelSize[1] === size &&
    conv.strides.every((stride) => stride === 1) &&
    // The native engine's places are bytes, and smaller windows let too much pass.
    pool.poolSize >= 2 &&
    pool.poolSize <= 15 &&
    pool.strides >= 2 &&
    inside(height - lost) &&
    inside(width - lost) &&
    // Whole vectors of channels, or a single channel.
    (inputs === 1 ? first : inputs % lanes === 0) &&
    (!wholeOutputs || conv.filters % lanes === 0)
  );
}

function differentiable(
  sparse: SparseGradients,
  x: Tensor4D,
  kernel: Tensor4D,
  layers: ConvMaxPool,
): Tensor4D {
  const { conv, first } = layers;
  const forward = (save: unknown): Tensor4D => {
    const convolved = tf.conv2d(x, kernel, [...conv.strides], conv.padding);
    const [pooled, maxima] = sparse.pool(convolved, layers);
    (save as GradSaveFunc)([x, kernel, maxima]);
    return pooled;
  };
  const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
    const [input, filter, maxima] = saved as [Tensor, Tensor, Tensor];
    const [dKernel, dx] = sparse.gradients({ x: input, kernel: filter, maxima }, dy, layers);
    return dx === undefined ? [dKernel] : [dx, dKernel];
  };
  // Other arguments are not inputs of the operation and get no gradient.
  return first
    ? tf.customGrad((_kernel, save) => ({ value: forward(save), gradFunc }))(kernel)
    : tf.customGrad((_x, _kernel, save) => ({ value: forward(save), gradFunc }))(x, kernel);
}

/** Zeros above and to the left of the image, for a kernel of odd size. */
export function leadingPadding({ kernelSize, padding }: ConvMaxPool['conv']): number {
  return padding === 'same' ? (kernelSize[0] - 1) / 2 : 0;
}
