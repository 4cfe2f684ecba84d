import { tf } from '../../tf.js';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { addressOf, withScratch } from './compiled-kernels.js';
import type { CompiledKernels } from './compiled-kernels.js';
import { allocate, release } from './heap.js';

type Shape4D = [number, number, number, number];

/** How a window moves; dilations are 1. */
export interface WindowAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid';
}

interface Geometry {
  /** Positions between neighbours once the image is padded: more than 1 where gradients spread. */
  readonly spreadHeight: number;
  readonly spreadWidth: number;
  readonly top: number;
  readonly left: number;
  readonly paddedHeight: number;
  readonly paddedWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  /** False for a gradient, which may be less exact. */
  readonly forward: boolean;
}

/**
 * @param x `[batch, height, width, channels]`
 * @param filter `[height, width, channels, filters]`
 */
export function conv2d(
  kernels: CompiledKernels,
  x: TensorInfo,
  filter: TensorInfo,
  attributes: WindowAttributes,
): TensorInfo {
  const info = infoOf(x.shape, filter.shape, attributes);
  return convolve(kernels, x, filter, {
    spreadHeight: 1,
    spreadWidth: 1,
    ...paddingOf(info),
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    forward: true,
  });
}

/** The gradient with respect to x: a convolution of the spread gradient with the turned filter. */
export function conv2dInputGradient(
  kernels: CompiledKernels,
  dy: TensorInfo,
  filter: TensorInfo,
  attributes: WindowAttributes & { readonly inputShape: Shape4D },
): TensorInfo {
  const info = infoOf(attributes.inputShape, filter.shape, attributes);
  const [height, width, channels, filters] = filter.shape as Shape4D;
  const turned = allocate([height, width, filters, channels]);
  kernels.flipFilter(addressOf(filter), height * width, channels, filters, addressOf(turned));
  const gradient = convolve(kernels, dy, turned, {
    spreadHeight: info.strideHeight,
    spreadWidth: info.strideWidth,
    top: height - 1 - info.padInfo.top,
    left: width - 1 - info.padInfo.left,
    paddedHeight: info.inHeight + height - 1,
    paddedWidth: info.inWidth + width - 1,
    strideHeight: 1,
    strideWidth: 1,
    outHeight: info.inHeight,
    outWidth: info.inWidth,
    forward: false,
  });
  release(turned);
  return gradient;
}

/** The gradient with respect to the filter. */
export function conv2dFilterGradient(
  kernels: CompiledKernels,
  x: TensorInfo,
  dy: TensorInfo,
  attributes: WindowAttributes & { readonly filterShape: Shape4D },
): TensorInfo {
  const info = infoOf(x.shape, attributes.filterShape, attributes);
  const { top, left, paddedHeight, paddedWidth } = paddingOf(info);
  const [filterHeight, filterWidth, channels, filters] = attributes.filterShape;
  const { outHeight, outWidth } = info;
  const gradient = allocate(attributes.filterShape);
  const floats = kernels.filterGradientScratch(
    paddedHeight,
    paddedWidth,
    channels,
    filters,
    outHeight * outWidth,
    filterHeight * filterWidth * channels * filters,
  );
  withScratch(floats, (scratch) => {
    kernels.filterGradient(
      addressOf(x),
      addressOf(dy),
      addressOf(gradient),
      info.batchSize,
      info.inHeight,
      info.inWidth,
      channels,
      top,
      left,
      paddedHeight,
      paddedWidth,
      filterHeight,
      filterWidth,
      filters,
      info.strideHeight,
      outHeight,
      outWidth,
      scratch,
      info.strideWidth,
    );
  });
  return gradient;
}

function convolve(
  kernels: CompiledKernels,
  x: TensorInfo,
  filter: TensorInfo,
  geometry: Geometry,
): TensorInfo {
  const [batch, height, width, channels] = x.shape as Shape4D;
  const [filterHeight, filterWidth, , filters] = filter.shape as Shape4D;
  const { spreadHeight, spreadWidth, strideHeight, strideWidth } = geometry;
  const { top, left, paddedHeight, paddedWidth, outHeight, outWidth, forward } = geometry;
  const out = allocate([batch, outHeight, outWidth, filters]);
  const floats = kernels.convolveScratch(
    paddedHeight,
    paddedWidth,
    channels,
    filterHeight,
    filterWidth,
    filters,
  );
  withScratch(floats, (scratch) => {
    kernels.convolve(
      addressOf(x),
      addressOf(filter),
      addressOf(out),
      batch,
      height,
      width,
      channels,
      spreadHeight,
      top,
      left,
      paddedHeight,
      paddedWidth,
      filterHeight,
      filterWidth,
      filters,
      strideHeight,
      outHeight,
      outWidth,
      forward,
      scratch,
      strideWidth,
      spreadWidth,
    );
  });
  return out;
}

function infoOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad }: WindowAttributes,
): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides,
    1,
    pad,
  );
}

/** At least what the windows reach: a window may end before the image does. */
function paddingOf(
  info: tf.backend_util.Conv2DInfo,
): Pick<Geometry, 'top' | 'left' | 'paddedHeight' | 'paddedWidth'> {
  const { top, bottom, left, right } = info.padInfo;
  return {
    top,
    left,
    paddedHeight: top + info.inHeight + bottom,
    paddedWidth: left + info.inWidth + right,
  };
}
