import { tf } from '../tf.js';
import type {
  GradConfig,
  GradFunc,
  NamedAttrMap,
  NamedTensorMap,
  Tensor,
} from '@tensorflow/tfjs-core';

/** Attributes TensorFlow.js gives convolutions and pooling. */
interface WindowAttributes {
  readonly strides: number | readonly [number, number];
  readonly pad: unknown;
  readonly dilations?: number | readonly [number, number];
  readonly dataFormat?: string;
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
 * TensorFlow.js has none; where its others are there, they serve what the model does not do.
 */
export function registerGradients(): void {
  register({
    kernelName: tf.Conv2D,
    inputsToSave: ['x', 'filter'],
    suits: isPlainWindow,
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
  register({
    kernelName: tf.MaxPool,
    inputsToSave: ['x'],
    outputsToSave: [true],
    suits: isPlainWindow,
    gradFunc: (dy, saved, attributes) => {
      const [input, output] = saved as [Tensor, Tensor];
      const { strides, pad, filterSize } = attributes as unknown as WindowAttributes;
      const window = { filterSize, strides, pad, dimRoundingMode: undefined };
      return { x: () => run(tf.MaxPoolGrad, { dy: dy as Tensor, input, output }, window) };
    },
  });
  register({
    kernelName: tf.BatchMatMul,
    inputsToSave: ['a', 'b'],
    suits: (attributes) => !(attributes as unknown as ProductAttributes).transposeA,
    gradFunc: (dy, saved, attributes) => {
      const [a, b] = saved as [Tensor, Tensor];
      const { transposeB } = attributes as unknown as ProductAttributes;
      return {
        a: () => tf.matMul(dy as Tensor, b, false, !transposeB),
        b: () =>
          transposeB
            ? tf.matMul(dy as Tensor, a, true, false)
            : tf.matMul(a, dy as Tensor, true, false),
      };
    },
  });
  register({
    kernelName: tf.SplitV,
    gradFunc: (dy, _saved, attributes) => {
      const { axis } = attributes as unknown as AxisAttribute;
      return { x: () => tf.concat(dy as Tensor[], axis) };
    },
  });
  register({
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
  register({
    kernelName: tf.Reshape,
    inputsToSave: ['x'],
    gradFunc: (dy, saved) => {
      const [x] = saved as [Tensor];
      return { x: () => tf.reshape(dy as Tensor, x.shape) };
    },
  });
}

/** Those registered here. */
const own = new Set<GradFunc>();

/** @param gradient with the attributes that it can have, if not all */
function register({
  suits,
  ...gradient
}: GradConfig & { readonly suits?: (attributes: NamedAttrMap) => boolean }): void {
  const { kernelName } = gradient;
  const other = (tf.getGradient(kernelName) as GradConfig | undefined)?.gradFunc;
  if (other !== undefined && own.has(other)) return;
  const gradFunc: GradFunc = (dy, saved, attributes) => {
    const chosen = suits === undefined || suits(attributes) ? gradient.gradFunc : other;
    if (chosen !== undefined) return chosen(dy, saved, attributes);
    throw new Error(`Expected attributes that ${kernelName} has a gradient for.`);
  };
  own.add(gradFunc);
  tf.registerGradient({ ...gradient, gradFunc });
}

/** Whether a window moves as Lockstep's layers have it. */
function isPlainWindow(attributes: NamedAttrMap): boolean {
  const { pad, dilations = 1, dataFormat = 'NHWC' } = attributes as unknown as WindowAttributes;
  return (
    (pad === 'same' || pad === 'valid') &&
    [dilations].flat().every((distance) => distance === 1) &&
    dataFormat === 'NHWC'
  );
}

function run(kernel: string, inputs: NamedTensorMap, attributes: object): Tensor {
  return tf.engine().runKernel(kernel, inputs, attributes as NamedAttrMap);
}
