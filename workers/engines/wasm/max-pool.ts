import { tf } from '../../tf.js';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { addressOf } from './compiled-kernels.js';
import type { CompiledKernels } from './compiled-kernels.js';
import type { WindowAttributes } from './conv2d.js';
import { allocate, valuesOf } from './heap.js';

type Shape4D = [number, number, number, number];

interface PoolAttributes extends WindowAttributes {
  readonly filterSize: number | [number, number];
}

/** Routes each gradient to the first maximum of its window, as TensorFlow does. */
export function maxPoolGradient(
  kernels: CompiledKernels,
  dy: TensorInfo,
  input: TensorInfo,
  { strides, pad, filterSize }: PoolAttributes,
): TensorInfo {
  const info = tf.backend_util.computePool2DInfo(
    input.shape as Shape4D,
    filterSize,
    strides,
    1,
    pad,
  );
  const result = allocate(input.shape);
  if (isHalving(info)) {
    kernels.maxPool2Gradient(
      addressOf(input),
      addressOf(dy),
      addressOf(result),
      info.batchSize * info.outHeight,
      info.outWidth,
      info.inChannels,
    );
  } else {
    const [gradients, x, dx] = [dy, input, result].map(valuesOf) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    routeToMaxima(info, gradients, x, dx);
  }
  return result;
}

/** Whether windows of 2 by 2 cover the image exactly, with channels in fours. */
function isHalving(info: tf.backend_util.Conv2DInfo): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  return (
    [filterHeight, filterWidth, strideHeight, strideWidth].every((size) => size === 2) &&
    info.inHeight === 2 * info.outHeight &&
    info.inWidth === 2 * info.outWidth &&
    info.inChannels % 4 === 0
  );
}

function routeToMaxima(
  info: tf.backend_util.Conv2DInfo,
  dy: Float32Array,
  x: Float32Array,
  dx: Float32Array,
): void {
  dx.fill(0);
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = info;
  let out = 0;
  for (let image = 0; image < batchSize; image += 1) {
    for (let row = 0; row < outHeight; row += 1) {
      const top = row * info.strideHeight - padInfo.top;
      const bottom = Math.min(inHeight, top + info.filterHeight);
      for (let column = 0; column < outWidth; column += 1) {
        const left = column * info.strideWidth - padInfo.left;
        const right = Math.min(inWidth, left + info.filterWidth);
        for (let channel = 0; channel < inChannels; channel += 1, out += 1) {
          let best = -1;
          for (let y = Math.max(0, top); y < bottom; y += 1) {
            for (let z = Math.max(0, left); z < right; z += 1) {
              const at = ((image * inHeight + y) * inWidth + z) * inChannels + channel;
              if (best < 0 || x[at]! > x[best]!) best = at;
            }
          }
          dx[best] = dx[best]! + dy[out]!;
        }
      }
    }
  }
}
