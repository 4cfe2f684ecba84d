import { tf } from '../../tf.js';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';

/** What is normalized: a matrix of the channels of each example or pixel, a row each. */
export type Over = 'rows' | 'columns';

export interface Normalization {
  readonly epsilon: number;
  /** Whether each column gets mean 0 and variance 1 over the rows, or each row over the columns. */
  readonly over: Over;
  /** Is given both, to be kept if they are needed; the variance is the biased one. */
  readonly observe?: ((mean: Tensor, variance: Tensor) => void) | undefined;
}

/**
 * `gamma (x - mean) / sqrt(variance + epsilon) + beta`, differentiable with respect to x, gamma and beta,
 * the mean and the variance being functions of x (Ioffe and Szegedy 2015, arXiv:1502.03167, algorithm 1;
 * Ba, Kiros and Hinton 2016, arXiv:1607.06450).
 * @param x `[..., channels]` float32
 * @param gamma `[channels]` float32
 * @param beta `[channels]` float32
 */
export function normalized(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  { epsilon, over, observe }: Normalization,
): Tensor {
  const channels = gamma.size;
  const matrix = (values: Tensor) => tf.reshape<tf.Rank.R2>(values, [-1, channels]);
  const mean = over === 'rows' ? meanOfColumns : meanOfRows;
  const operation = tf.customGrad((input, scale, shift, save) => {
    const values = matrix(input as Tensor);
    const center = mean(values);
    const centered = tf.sub<Tensor2D>(values, center);
    const variance = mean(tf.square<Tensor2D>(centered));
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const unit = tf.mul<Tensor2D>(centered, inverse);
    observe?.(center, variance);
    (save as tf.GradSaveFunc)([unit, inverse, scale as Tensor]);
    const y = tf.add(tf.mul(unit, scale as Tensor), shift as Tensor);
    return {
      value: tf.reshape(y, x.shape),
      gradFunc: (dy: Tensor, saved: Tensor[]) => gradients(matrix(dy), saved as Saved),
    };
  });
  return operation(x, gamma, beta);

  function gradients(dy: Tensor2D, [unit, inverse, scale]: Saved): Tensor[] {
    const rows = unit.shape[0];
    const dGamma = tf.mul(meanOfColumns(tf.mul<Tensor2D>(dy, unit)), rows);
    const dBeta = tf.mul(meanOfColumns(dy), rows);
    const dx = tf.tidy(() => {
      const dUnit = tf.mul<Tensor2D>(dy, scale);
      const along = tf.mul(unit, mean(tf.mul<Tensor2D>(dUnit, unit)));
      return tf.mul(tf.sub(tf.sub(dUnit, mean(dUnit)), along), inverse);
    });
    return [tf.reshape(dx, x.shape), tf.reshape(dGamma, [channels]), tf.reshape(dBeta, [channels])];
  }
}

type Saved = [unit: Tensor2D, inverse: Tensor, scale: Tensor];

/** `[1, columns]`, as a product, whose sums engines keep short and exact. */
function meanOfColumns(matrix: Tensor2D): Tensor2D {
  const [rows] = matrix.shape;
  return tf.div(tf.matMul<Tensor2D>(tf.ones([1, rows]), matrix), rows);
}

/** `[rows, 1]`. */
function meanOfRows(matrix: Tensor2D): Tensor2D {
  const columns = matrix.shape[1];
  return tf.div(tf.matMul<Tensor2D>(matrix, tf.ones([columns, 1])), columns);
}
