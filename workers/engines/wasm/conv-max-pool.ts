import { tf } from '../../tf.js';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { leadingPadding } from '../conv-max-pool.js';
import type { SparseGradients } from '../conv-max-pool.js';
import { addressOf, withScratch } from './compiled-kernels.js';
import type { CompiledKernels } from './compiled-kernels.js';
import { allocate, wrap } from './heap.js';

type Shape4D = [number, number, number, number];

/** Gradients of pooled convolutions that take only what passed the pooling: `assembly/` says how. */
export function sparseGradients(kernels: CompiledKernels): SparseGradients {
  return {
    lanes: 4,
    wholeOutputs: true,
    // The gradients look again where the maxima are: that costs less than keeping it.
    pool: (convolved, { pool }) => [
      tf.maxPool<Tensor4D>(convolved, pool.poolSize, pool.strides, pool.padding),
      convolved,
    ],
    gradients({ x, kernel, maxima: convolved }, dy, { conv, pool, first }) {
      const [batch, height, width, inputs] = x.shape as Shape4D;
      const [, pooledHeight, pooledWidth, outputs] = dy.shape as Shape4D;
      const [kernelSize] = conv.kernelSize;
      const padding = leadingPadding(conv);
      const dKernel = allocate(kernel.shape);
      const dx = first ? undefined : allocate(x.shape);
      const floats = kernels.convMaxPoolGradientScratch(
        height,
        width,
        inputs,
        outputs,
        kernelSize,
        padding,
        pooledHeight * pooledWidth,
      );
      withScratch(floats, (scratch) => {
        kernels.convMaxPoolGradient(
          addressOf(x),
          addressOf(kernel),
          addressOf(convolved),
          addressOf(dy),
          addressOf(dKernel),
          dx === undefined ? 0 : addressOf(dx),
          batch,
          height,
          width,
          inputs,
          outputs,
          kernelSize,
          padding,
          pooledHeight,
          pooledWidth,
          pool.poolSize,
          pool.strides,
          scratch,
        );
      });
      return dx === undefined ? [wrap(dKernel)] : [wrap(dKernel), wrap(dx)];
    },
  };
}
