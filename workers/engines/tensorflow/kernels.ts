import { tf } from '../../tf.js';
import type {
  KernelFunc,
  NamedAttrMap,
  NamedTensorInfoMap,
  Tensor4D,
  TensorInfo,
} from '@tensorflow/tfjs-core';
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
    if (a.dtype !== 'float32') return undefined;
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
  guardFilterGradient();
  if (fastPooling) registerFastPooling(ops);
}

/** Attributes TensorFlow.js gives the gradient of a filter. */
interface FilterGradientAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid';
  readonly filterShape: [number, number, number, number];
}

/**
 * TensorFlow 2.21 writes past its memory where the kernel steps farther than it is long and the last rows or
 * columns are under no window: those are cut off first.
 */
function guardFilterGradient(): void {
  const { kernelFunc } = tf.getKernel(tf.Conv2DBackpropFilter, 'tensorflow');
  replaceKernel(tf.Conv2DBackpropFilter, ({ inputs, attrs }) => {
    const { x, dy } = inputs as Record<'x' | 'dy', Tensor4D>;
    const { strides, filterShape } = attrs as FilterGradientAttributes;
    const steps = typeof strides === 'number' ? [strides, strides] : strides;
    const [images, height, width, channels] = x.shape;
    const reach = [1, 2].map((axis) => {
      const [step, size] = [steps[axis - 1]!, filterShape[axis - 1]!];
      const last = (dy.shape[axis]! - 1) * step + size;
      return step > size ? Math.min(last, x.shape[axis]!) : x.shape[axis]!;
    }) as [number, number];
    const isWhole = reach[0] === height && reach[1] === width;
    const reached = isWhole ? x : tf.slice(x, [0, 0, 0, 0], [images, ...reach, channels]);
    const call = {
      inputs: { x: reached, dy },
      attrs: attrs as NamedAttrMap,
      backend: tf.backend(),
    };
    const gradient = kernelFunc(call) as TensorInfo;
    if (!isWhole) reached.dispose();
    return gradient;
  });
}

/**
 * Max pooling with oneDNN's kernels, which TensorFlow takes in graphs but not for single operations.
 * The forward pass notes where in its window each maximum was, so the gradient has nothing to
 * search: 5 ms a step instead of TensorFlow's single-threaded 33 ms for the tutorial's network. A
 * tie goes to the first maximum, row by row, as in TensorFlow.
 */
function registerFastPooling(ops: Operations): void {
  replaceKernel(tf.MaxPool, ({ inputs, attrs }) => {
    if (!isNamed(attrs)) return undefined;
    const [y, places] = fastMaxPool(ops, inputs.x!, attrs as PoolAttributes);
    places.dispose();
    return y;
  });
  replaceKernel(tf.MaxPoolGrad, ({ inputs, attrs }) => {
    if (!isNamed(attrs)) return undefined;
    const { dy, input } = inputs as Record<'dy' | 'input', TensorInfo>;
    const attributes = attrs as PoolAttributes;
    return tf.tidy(() => {
      // Pooling again costs a millisecond; keeping the places would tie them to the output's life.
      const [y, places] = fastMaxPool(ops, input, attributes);
      return fastMaxPoolGradient(ops, [input, y, dy, places], attributes);
    });
  });
}

/** Whether the padding is one with a name. */
function isNamed(attributes: unknown): boolean {
  return typeof (attributes as { readonly pad: unknown }).pad === 'string';
}

/** @param compute gives nothing where it does not fit */
function replaceKernel(
  kernelName: string,
  compute: (call: { inputs: NamedTensorInfoMap; attrs: unknown }) => TensorInfo | undefined,
): void {
  const plain = tf.getKernel(kernelName, 'tensorflow').kernelFunc;
  const kernelFunc: KernelFunc = (call) =>
    compute({ inputs: call.inputs, attrs: call.attrs }) ?? plain(call);
  tf.unregisterKernel(kernelName, 'tensorflow');
  tf.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
}
