import { tf } from '../tf.js';
import type { GradFunc, Tensor } from '@tensorflow/tfjs-core';

/**
 * Corrects gradients of TensorFlow.js 4.22 that finite differences refute.
 * @param averaged whether the engine's kernels for the gradients of average pooling count padding
 */
export function correctGradients(averaged: boolean): void {
  replaceGradient(tf.MirrorPad, () => mirrorPadGradient);
  if (!averaged) return;
  replaceGradient(tf.AvgPool, (plain) => withoutPadding(plain, 2));
  replaceGradient(tf.AvgPool3D, (plain) => withoutPadding(plain, 3));
}

function replaceGradient(kernelName: string, change: (plain: GradFunc) => GradFunc): void {
  const { gradFunc, ...config } = tf.getGradient(kernelName);
  tf.registerGradient({ ...config, gradFunc: change(gradFunc) });
}

/** Adds what the padding mirrors to its origin, axis by axis; TensorFlow.js drops it. */
const mirrorPadGradient: GradFunc = (dy, [x], attributes) => {
  const { paddings, mode } = attributes as unknown as {
    readonly paddings: readonly (readonly [before: number, after: number])[];
    readonly mode: 'reflect' | 'symmetric';
  };
  const edge = mode === 'reflect' ? 1 : 0;
  const fold = (gradient: Tensor, axis: number): Tensor => {
    const [before, after] = paddings[axis]!;
    if (before === 0 && after === 0) return gradient;
    const length = x!.shape[axis]!;
    const origins = Float32Array.from({ length: before + length + after }, (_, place) => {
      const at = place - before;
      if (at < 0) return edge - at - 1;
      return at < length ? at : 2 * length - at - 1 - edge;
    });
    const isOrigin = tf.oneHot(tf.tensor1d(origins, 'int32'), length);
    const order = gradient.shape.map((_, index) => index);
    const last = [...order.filter((index) => index !== axis), axis];
    const turned = tf.transpose(gradient, last);
    const rows = tf.reshape<tf.Rank.R2>(turned, [-1, origins.length]);
    const folded = tf.matMul(rows, tf.cast(isOrigin, 'float32'));
    const back = order.map((index) => last.indexOf(index));
    return tf.transpose(tf.reshape(folded, [...turned.shape.slice(0, -1), length]), back);
  };
  return { x: () => paddings.reduce((gradient, _, axis) => fold(gradient, axis), dy as Tensor) };
};

/** Divides by the pixels inside the image alone, as the forward pass does; the kernel divides by those of the window. */
function withoutPadding(plain: GradFunc, axes: 2 | 3): GradFunc {
  return (dy, saved, attributes) => {
    const { filterSize, strides, pad } = attributes as unknown as Record<string, unknown>;
    if (pad === 'valid') return plain(dy, saved, attributes);
    const shape = saved[0]!.shape;
    const window = [filterSize, strides, 1, pad] as never;
    const info = (axes === 2
      ? tf.backend_util.computePool2DInfo(
          shape as never,
          ...(window as [never, never, never, never]),
        )
      : tf.backend_util.computePool3DInfo(
          shape as never,
          ...(window as [never, never, never, never]),
        )) as unknown as Record<string, number> & { readonly padInfo: Record<string, number> };
    const { padInfo } = info;
    const along = [
      ...(axes === 3 ? [['Depth', padInfo.front!] as const] : []),
      ['Height', padInfo.top!] as const,
      ['Width', padInfo.left!] as const,
    ];
    const corrected = along.reduce((gradient, [name, before], index) => {
      const [size, step] = [info[`filter${name}`]!, info[`stride${name}`]!];
      const [inside, outside] = [info[`in${name}`]!, info[`out${name}`]!];
      const shares = Float32Array.from({ length: outside }, (_, place) => {
        const start = place * step - before;
        return size / (Math.min(start + size, inside) - Math.max(start, 0));
      });
      const broadcast = gradient.shape.map((_, axis) => (axis === index + 1 ? outside : 1));
      return tf.mul(gradient, tf.tensor(shares, broadcast));
    }, dy as Tensor);
    return plain(corrected, saved, attributes);
  };
}
