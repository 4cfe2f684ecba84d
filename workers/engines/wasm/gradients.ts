import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';

type Padding = 'same' | 'valid';

/** Registers this engine's gradients in place of TensorFlow.js's slow or missing ones. */
export function registerGradients(): void {
  tf.unregisterGradient('Conv2D');
  tf.registerGradient({
    kernelName: 'Conv2D',
    inputsToSave: ['x', 'filter'],
    gradFunc: (dy, saved, attributes) => {
      const [x, filter] = saved as [Tensor4D, Tensor4D];
      const { strides, pad } = attributes as unknown as { strides: [number, number]; pad: Padding };
      return {
        x: () => tf.conv2dTranspose(dy as Tensor4D, filter, x.shape, strides, pad),
        filter: () => filterGradient(x, dy as Tensor4D, filter.shape, strides[0], pad),
      };
    },
  });
  tf.unregisterGradient('BatchMatMul');
  tf.registerGradient({
    kernelName: 'BatchMatMul',
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = saved as [Tensor2D, Tensor2D];
      return {
        a: () => tf.matMul(dy as Tensor2D, tf.transpose(b)),
        b: () => tf.matMul(tf.transpose(a), dy as Tensor2D),
      };
    },
  });
}

function filterGradient(
  x: Tensor4D,
  dy: Tensor4D,
  shape: readonly [number, number, number, number],
  stride: number,
  pad: Padding,
): Tensor4D {
  const info = tf.backend_util.computeConv2DInfo(x.shape, [...shape], stride, 1, pad);
  const { top, bottom, left, right } = info.padInfo;
  const images = tf.transpose(
    tf.pad(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]),
    [3, 1, 2, 0],
  );
  const filter = tf.transpose(dy, [1, 2, 0, 3]);
  const full = tf.conv2d(images, filter, 1, 'valid', 'NHWC', stride);
  const sized = tf.slice(full, [0, 0, 0, 0], [shape[2], shape[0], shape[1], shape[3]]);
  return tf.transpose(sized, [1, 2, 0, 3]);
}
