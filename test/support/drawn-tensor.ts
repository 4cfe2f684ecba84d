import type { Tensor } from '@tensorflow/tfjs-core';
import { statelessUniform } from '../../src/random/uniform.js';
import { tf } from '../../workers/tf.js';

/** A tensor of uniform numbers in [-1, 1), mapped; the same on every engine and in `scripts/goldens`. */
export function drawTensor(shape: readonly number[], seed: number, map = (u: number) => u): Tensor {
  const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
  statelessUniform(values, [seed, 0]);
  return tf.tensor(
    values.map((value) => map(2 * value - 1)),
    [...shape],
  );
}
