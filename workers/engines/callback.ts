import { tf } from '../tf.js';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Callback } from './engine.js';

/** What a callback makes of the values of tensors. */
export function answer(tensors: readonly Tensor[], compute: Callback): Tensor[] {
  const values = tensors.map((tensor) => tensor.dataSync<'float32' | 'int32'>());
  return compute(values).map(({ shape, values: result }) => tf.tensor(result, [...shape]));
}
