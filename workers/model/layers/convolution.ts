import { tf } from '../../tf.js';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { SpecOf } from '../../../src/model/layers.js';

type Shape4D = [number, number, number, number];
type Convolution = Pick<SpecOf<'conv2d'>, 'strides' | 'padding' | 'dilation' | 'groups'>;

/** Whether the engines' kernels of convolutions compute it as it is. */
export function isPlain({ dilation, groups }: Convolution): boolean {
  return groups === 1 && dilation.every((distance) => distance === 1);
}

/**
 * A convolution without bias. Engines have gradients of plain ones only: a dilated kernel becomes a
 * larger one with zeros between its taps, and groups are convolved one after the other.
 * @param x `[batch, height, width, in]` float32
 * @param kernel `[height, width, in / groups, out]` float32; its outputs belong to groups in order
 */
export function convolve(
  x: Tensor,
  kernel: Tensor,
  { strides, padding, dilation, groups }: Convolution,
): Tensor4D {
  const [rows, columns] = dilation;
  const filter = rows === 1 && columns === 1 ? kernel : dilated(kernel, rows, columns);
  const plain = (image: Tensor, taps: Tensor) =>
    tf.conv2d(image as Tensor4D, taps as Tensor4D, [...strides], padding);
  if (groups === 1) return plain(x, filter);
  const filters = tf.split(filter, groups, 3);
  const parts = tf.split(x, groups, 3).map((part, index) => plain(part, filters[index]!));
  return tf.concat(parts, 3);
}

/** The kernel with its taps so many pixels apart, zeros between them; differentiable. */
function dilated(kernel: Tensor, rows: number, columns: number): Tensor {
  const spread = tf.customGrad((taps) => ({
    value: spreadTaps(taps as Tensor, rows, columns),
    gradFunc: (dy: Tensor) => tf.stridedSlice(dy, [0, 0, 0, 0], dy.shape, [rows, columns, 1, 1]),
  }));
  return spread(kernel);
}

function spreadTaps(kernel: Tensor, rows: number, columns: number): Tensor {
  const [height, width, inputs, outputs] = kernel.shape as Shape4D;
  const depth = inputs * outputs;
  const lines = tf.pad(tf.reshape(kernel, [height, 1, width * depth]), [
    [0, 0],
    [0, rows - 1],
    [0, 0],
  ]);
  const pixels = tf.pad(tf.reshape(lines, [height * rows * width, 1, depth]), [
    [0, 0],
    [0, columns - 1],
    [0, 0],
  ]);
  const whole = tf.reshape(pixels, [height * rows, width * columns, inputs, outputs]);
  const size = [(height - 1) * rows + 1, (width - 1) * columns + 1, inputs, outputs];
  return tf.slice(whole, [0, 0, 0, 0], size);
}
