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
  if (norm <= clipNorm) return bounded;
  const scale = Number.isFinite(norm) ? clipNorm / norm : NaN;
  return mapValues(bounded, (gradient) => tf.mul(gradient, scale));
}

/** Not by `clipByValue`, which makes a number of NaN on some engines. */
function clipped(gradient: Tensor, bound: number): Tensor {
  return tf.minimum(tf.maximum(gradient, -bound), bound);
}

/** Squares are summed in float32 within a tensor, in float64 over tensors. */
function globalNorm(gradients: readonly Tensor[]): number {
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)).dataSync()[0]!);
  return Math.sqrt(squares.reduce((total, square) => total + square, 0));
}

function mapValues(
  tensors: ReadonlyMap<string, Tensor>,
  change: (tensor: Tensor) => Tensor,
): ReadonlyMap<string, Tensor> {
  return new Map([...tensors].map(([name, tensor]) => [name, change(tensor)]));
}
