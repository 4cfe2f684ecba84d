import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { allocate, backend, release, valuesOf } from './heap.js';

type Shape4D = [number, number, number, number];
interface WindowAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid';
}

/** Registers this engine's gradient kernels in place of the backend's slow or missing ones. */
export function registerKernels(): void {
  replace(tf.Conv2DBackpropFilter, ({ inputs, attrs }) =>
    filterGradient(inputs.x!, inputs.dy!, attrs as never),
  );
  replace(tf.MaxPoolGrad, ({ inputs, attrs }) =>
    maxPoolGradient(inputs.dy!, inputs.input!, attrs as never),
  );
  const plainMatMul = tf.getKernel(tf.BatchMatMul, 'wasm').kernelFunc;
  replace(tf.BatchMatMul, ({ inputs, attrs }) => matMul(plainMatMul, inputs.a!, inputs.b!, attrs!));
  const plainInputGradient = tf.getKernel(tf.Conv2DBackpropInput, 'wasm').kernelFunc;
  replace(tf.Conv2DBackpropInput, ({ inputs, attrs }) =>
    inputGradient(plainInputGradient, inputs.dy!, inputs.filter!, attrs as never),
  );
}

function replace(kernelName: string, kernelFunc: KernelFunc): void {
  if (tf.getKernel(kernelName, 'wasm') !== undefined) tf.unregisterKernel(kernelName, 'wasm');
  tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
}

function run(kernelName: string, inputs: Record<string, TensorInfo>, attrs: object): TensorInfo {
  const { kernelFunc } = tf.getKernel(kernelName, 'wasm');
  return kernelFunc({ inputs, backend: backend(), attrs: attrs as NamedAttrMap }) as TensorInfo;
}

function transpose(x: TensorInfo, perm: number[]): TensorInfo {
  return run(tf.Transpose, { x }, { perm });
}

function matMul(
  plain: KernelFunc,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: NamedAttrMap,
): TensorInfo {
  const swap = (x: TensorInfo) =>
    transpose(
      x,
      x.shape.map((_, i, { length }) => (i < length - 2 ? i : 2 * length - 3 - i)),
    );
  const left = transposeA ? swap(a) : a;
  const right = transposeB ? swap(b) : b;
  const product = plain({
    inputs: { a: left, b: right },
    backend: backend(),
    attrs: { transposeA: false, transposeB: false },
  }) as TensorInfo;
  if (left !== a) release(left);
  if (right !== b) release(right);
  return product;
}

function filterGradient(
  x: TensorInfo,
  dy: TensorInfo,
  { strides, pad, filterShape }: WindowAttributes & { filterShape: Shape4D },
): TensorInfo {
  const info = tf.backend_util.computeConv2DInfo(x.shape as Shape4D, filterShape, strides, 1, pad);
  const { top, bottom, left, right } = info.padInfo;
  const padded = run(
    tf.PadV2,
    { x },
    {
      paddings: [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ],
      constantValue: 0,
    },
  );
  const images = transpose(padded, [3, 1, 2, 0]);
  const filter = transpose(dy, [1, 2, 0, 3]);
  const full = run(
    tf.Conv2D,
    { x: images, filter },
    {
      strides: [1, 1],
      pad: 'valid',
      dataFormat: 'NHWC',
      dilations: strides,
      dimRoundingMode: undefined,
    },
  );
  const sized = run(
    tf.Slice,
    { x: full },
    { begin: [0, 0, 0, 0], size: [filterShape[2], filterShape[0], filterShape[1], filterShape[3]] },
  );
  const gradient = transpose(sized, [1, 2, 0, 3]);
  [padded, images, filter, full, sized].forEach(release);
  return gradient;
}

function inputGradient(
  plain: KernelFunc,
  dy: TensorInfo,
  filter: TensorInfo,
  attributes: WindowAttributes & { inputShape: Shape4D },
): TensorInfo {
  const { strides, pad, inputShape } = attributes;
  const info = tf.backend_util.computeConv2DInfo(
    inputShape,
    filter.shape as Shape4D,
    strides,
    1,
    pad,
  );
  if (info.strideHeight !== 1 || info.strideWidth !== 1) {
    return plain({
      inputs: { dy, filter },
      backend: backend(),
      attrs: attributes as never,
    }) as TensorInfo;
  }
  const { top, bottom, left, right } = info.padInfo;
  const flipped = run(tf.Reverse, { x: filter }, { dims: [0, 1] });
  const swapped = transpose(flipped, [0, 1, 3, 2]);
  const height = info.filterHeight - 1;
  const width = info.filterWidth - 1;
  const padded = run(
    tf.PadV2,
    { x: dy },
    {
      paddings: [
        [0, 0],
        [height - top, height - bottom],
        [width - left, width - right],
        [0, 0],
      ],
      constantValue: 0,
    },
  );
  const gradient = run(
    tf.Conv2D,
    { x: padded, filter: swapped },
    {
      strides: [1, 1],
      pad: 'valid',
      dataFormat: 'NHWC',
      dilations: [1, 1],
      dimRoundingMode: undefined,
    },
  );
  [flipped, swapped, padded].forEach(release);
  return gradient;
}

/** Routes each gradient to the first maximum of its window, as TensorFlow does. */
function maxPoolGradient(
  dy: TensorInfo,
  input: TensorInfo,
  { strides, pad, filterSize }: WindowAttributes & { filterSize: number | [number, number] },
): TensorInfo {
  const info = tf.backend_util.computePool2DInfo(
    input.shape as Shape4D,
    filterSize,
    strides,
    1,
    pad,
  );
  const result = allocate(input.shape);
  const [dyValues, x, dx] = [dy, input, result].map(valuesOf) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  dx.fill(0);
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info;
  let out = 0;
  for (let image = 0; image < batchSize; image += 1) {
    for (let row = 0; row < outHeight; row += 1) {
      const top = row * info.strideHeight - padInfo.top;
      for (let column = 0; column < outWidth; column += 1) {
        const left = column * info.strideWidth - padInfo.left;
        for (let channel = 0; channel < inChannels; channel += 1, out += 1) {
          let best = -1;
          for (let y = Math.max(0, top); y < Math.min(inHeight, top + info.filterHeight); y += 1) {
            for (
              let z = Math.max(0, left);
              z < Math.min(inWidth, left + info.filterWidth);
              z += 1
            ) {
              const at = ((image * inHeight + y) * inWidth + z) * inChannels + channel;
              if (best < 0 || x[at]! > x[best]!) best = at;
            }
          }
          dx[best] = dx[best]! + dyValues[out]!;
        }
      }
    }
  }
  return result;
}
