import { tf } from '../tf.js';
import type { Tensor } from '@tensorflow/tfjs-core';

/** How gradients are clipped; what is absent is not done. */
export interface Clipping {
  /** Largest absolute value of a component. */
  readonly clipValue?: number | undefined;
  /** Largest Euclidean norm of all gradients together. */
  readonly clipNorm?: number | undefined;
}

/**
 * Clips all gradients of a step, by value and then by global norm (Pascanu et al. 2013, algorithm 1), as
 * `tf.clip_by_global_norm` does; one that is not finite makes all of them NaN, so that it shows.
 * Call in a tidy scope.
 * @param gradients by name of their parameter
 */
export function clipGradients(
  gradients: ReadonlyMap<string, Tensor>,
  { clipValue, clipNorm }: Clipping,
): ReadonlyMap<string, Tensor> {
  const bounded =
    clipValue === undefined
      ? gradients
      : mapValues(gradients, (gradient) => clipped(gradient, clipValue));
  if (clipNorm === undefined) return bounded;
  const norm = globalNorm([...bounded.values()]);
  const scale = tf.div(clipNorm, tf.maximum(norm, clipNorm));
  // Without a finite norm nothing is left of any gradient.
  const checked = tf.add(scale, tf.mul(norm, 0));
  return mapValues(bounded, (gradient) => tf.mul(gradient, checked));
}

/** Not by `clipByValue`, which makes a number of NaN on some engines. */
function clipped(gradient: Tensor, bound: number): Tensor {
  return tf.minimum(tf.maximum(gradient, -bound), bound);
}

function globalNorm(gradients: readonly Tensor[]): Tensor {
  return tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
}

function mapValues(
  tensors: ReadonlyMap<string, Tensor>,
  change: (tensor: Tensor) => Tensor,
): ReadonlyMap<string, Tensor> {
  return new Map([...tensors].map(([name, tensor]) => [name, change(tensor)]));
}
