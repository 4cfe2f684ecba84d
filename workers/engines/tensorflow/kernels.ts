import { tf } from '../../tf.js';
import type { KernelFunc, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { fastMaxPool, fastMaxPoolGradient } from './max-pool.js';
import type { PoolAttributes } from './max-pool.js';
import type { Operations } from './operations.js';

/**
 * Replaces kernels of TensorFlow.js's native backend by faster ones with the same results.
 * @param fastPooling the result of `hasFastPooling`
 */
export function registerKernels(ops: Operations, fastPooling: boolean): void {
  replaceKernel(tf.BatchMatMul, ({ inputs, attrs }) => {
    const { a, b } = inputs as Record<'a' | 'b', TensorInfo>;
    const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
    // The two-dimensional operation is up to a third faster than a batch of one, but for a transposed
    // right side: there, with AVX-512, it is a third slower.
    return a.shape.length === 2 && b.shape.length === 2 && !transposeB
      ? ops.run(
          'MatMul',
          [a, b],
          [ops.float, ops.flag('transpose_a', transposeA), ops.flag('transpose_b', transposeB)],
        )
      : ops.run(
          'BatchMatMulV2',
          [a, b],
          [ops.float, ops.flag('adj_x', transposeA), ops.flag('adj_y', transposeB)],
        );
  });
  if (fastPooling) registerFastPooling(ops);
}

/**
 * Max pooling with oneDNN's kernels, which TensorFlow takes in graphs but not for single operations.
 * The forward pass notes where in its window each maximum was, so the gradient has nothing to
 * search: 5 ms a step instead of TensorFlow's single-threaded 33 ms for the tutorial's network. A
 * tie goes to the first maximum, row by row, as in TensorFlow.
 */
function registerFastPooling(ops: Operations): void {
  replaceKernel(tf.MaxPool, ({ inputs, attrs }) => {
    const [y, places] = fastMaxPool(ops, inputs.x!, attrs as PoolAttributes);
    places.dispose();
    return y;
  });
  replaceKernel(tf.MaxPoolGrad, ({ inputs, attrs }) => {
    const { dy, input } = inputs as Record<'dy' | 'input', TensorInfo>;
    const attributes = attrs as PoolAttributes;
    return tf.tidy(() => {
      // Pooling again costs a millisecond; keeping the places would tie them to the output's life.
      const [y, places] = fastMaxPool(ops, input, attributes);
      return fastMaxPoolGradient(ops, [input, y, dy, places], attributes);
    });
  });
}

function replaceKernel(
  kernelName: string,
  compute: (call: { inputs: NamedTensorInfoMap; attrs: unknown }) => TensorInfo,
): void {
  const kernelFunc: KernelFunc = ({ inputs, attrs }) => compute({ inputs, attrs });
  tf.unregisterKernel(kernelName, 'tensorflow');
  tf.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
}
