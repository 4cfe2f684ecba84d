import { tf } from '../tf.js';
import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/** Attributes TensorFlow.js gives convolutions and pooling. */
interface WindowAttributes {
  readonly strides: number | readonly [number, number];
  readonly pad: 'same' | 'valid';
  readonly filterSize: number | readonly [number, number];
}

/** Attributes TensorFlow.js gives matrix products. */
interface ProductAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Attribute TensorFlow.js gives splits and concatenations. */
interface AxisAttribute {
  readonly axis: number;
}

/**
 * Registers the gradients of the operations the model is made of, over the kernels every engine has:
 * Conv2DBackpropInput, Conv2DBackpropFilter, MaxPoolGrad and BatchMatMul. The core package of
 * TensorFlow.js has none.
 */
export function registerGradients(): void {
  tf.registerGradient({
    kernelName: tf.Conv2D,
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attributes) => {
      const [x, filter] = saved as [Tensor, Tensor];
      const { strides, pad } = attributes as unknown as WindowAttributes;
      const window = { strides, pad, dataFormat: 'NHWC', dimRoundingMode: undefined };
      const gradient = dy as Tensor;
      return {
        x: () =>
          run(tf.Conv2DBackpropInput, { dy: gradient, filter }, { ...window, inputShape: x.shape }),
        filter: () =>
          run(
            tf.Conv2DBackpropFilter,
            { x, dy: gradient },
            { ...window, filterShape: filter.shape },
          ),
      };
    },
  });
  tf.registerGradient({
    kernelName: tf.MaxPool,
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => {
      const [input, output] = saved as [Tensor, Tensor];
      const { strides, pad, filterSize } = attributes as unknown as WindowAttributes;
      const window = { filterSize, strides, pad, dimRoundingMode: undefined };
      return { x: () => run(tf.MaxPoolGrad, { dy: dy as Tensor, input, output }, window) };
    },
  });
  tf.registerGradient({
    kernelName: tf.BatchMatMul,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved, attributes) => {
      const [a, b] = saved as [Tensor, Tensor];
      const { transposeA, transposeB } = attributes as unknown as ProductAttributes;
      if (transposeA) throw new Error('Expected a product whose left side is not transposed.');
      return {
        a: () => tf.matMul(dy as Tensor, b, false, !transposeB),
        b: () =>
          transposeB
            ? tf.matMul(dy as Tensor, a, true, false)
            : tf.matMul(a, dy as Tensor, true, false),
      };
    },
  });
  tf.registerGradient({
    kernelName: tf.SplitV,
    gradFunc: (dy, _saved, attributes) => {
      const { axis } = attributes as unknown as AxisAttribute;
      return { x: () => tf.concat(dy as Tensor[], axis) };
    },
  });
  tf.registerGradient({
    kernelName: tf.Concat,
    saveAllInputs: true,
    gradFunc: (dy, saved, attributes) => {
      const { axis } = attributes as unknown as AxisAttribute;
      const parts = tf.split(
        dy as Tensor,
        saved.map(({ shape }) => shape[axis]!),
        axis,
      );
      return Object.fromEntries(parts.map((part, index) => [index, () => part]));
    },
  });
  tf.registerGradient({
    kernelName: tf.Reshape,
    inputsToSave: ['x'],
    gradFunc: (dy, saved) => {
      const [x] = saved as [Tensor];
      return { x: () => tf.reshape(dy as Tensor, x.shape) };
    },
  });
}

function run(kernel: string, inputs: NamedTensorMap, attributes: object): Tensor {
  return tf.engine().runKernel(kernel, inputs, attributes as NamedAttrMap);
}
