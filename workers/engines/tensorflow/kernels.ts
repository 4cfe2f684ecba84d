import { tf } from '../../tf.js';
import type { KernelFunc, NamedTensorInfoMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { Attribute } from './binding.js';
import type { Operations } from './operations.js';

/** Attributes TensorFlow.js gives pooling. */
interface PoolAttributes {
  readonly filterSize: number | readonly [number, number];
  readonly strides: number | readonly [number, number];
  readonly pad: 'same' | 'valid';
}

/** Replaces kernels of TensorFlow.js's native backend by faster ones with the same results. */
export function registerKernels(ops: Operations): void {
  replaceKernel(tf.BatchMatMul, ({ inputs, attrs }) => {
    const { a, b } = inputs as Record<'a' | 'b', TensorInfo>;
    const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
    // The two-dimensional operation is up to a third faster than a batch of one.
    return a.shape.length === 2 && b.shape.length === 2
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
  if (hasFastPooling(ops)) registerFastPooling(ops);
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

function fastMaxPool(ops: Operations, x: TensorInfo, attributes: PoolAttributes): [Tensor, Tensor] {
  const all = poolAttributes(ops, attributes);
  return ops.runMany('_MklNativeMaxPool', [x], all, 2) as [Tensor, Tensor];
}

function fastMaxPoolGradient(
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
function hasFastPooling(ops: Operations): boolean {
  if (ops.binding.isUsingGpuDevice()) return false;
  const attributes: PoolAttributes = { filterSize: 2, strides: 2, pad: 'same' };
  try {
    const gradient = tf.tidy(() => {
      const x = tf.ones([1, 2, 2, 1]);
      const [y, places] = fastMaxPool(ops, x, attributes);
      const dx = fastMaxPoolGradient(ops, [x, y, tf.ones([1, 1, 1, 1]), places], attributes);
      return dx.dataSync();
    });
    return gradient.join() === '1,0,0,0';
  } catch {
    return false;
  }
}

function replaceKernel(
  kernelName: string,
  compute: (call: { inputs: NamedTensorInfoMap; attrs: unknown }) => TensorInfo,
): void {
  const kernelFunc: KernelFunc = ({ inputs, attrs }) => compute({ inputs, attrs });
  tf.unregisterKernel(kernelName, 'tensorflow');
  tf.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
}
