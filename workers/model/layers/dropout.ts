import { tf } from '../../tf.js';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { DropoutMethod } from '../../../src/model/layers/kind.js';
import type { LayerOp } from './op.js';

/** Alpha dropout sets dropped units to this: -scale * alpha of selu. */
const alphaPrime = -1.7580993408473766;

/** Dropout as an affine function of the mask: kept units become `a x + b`, dropped ones `c`. */
interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Identity in inference. */
export const dropout: LayerOp<'dropout'> = (x, { method, rate }, _own, { training }) =>
  training === undefined || rate === 0
    ? x
    : dropped(x, training.uniform(drawnShape(x.shape, method)), method, rate);

/** Whole channels of an example share a draw in `spatial` dropout. */
function drawnShape(shape: readonly number[], method: DropoutMethod): readonly number[] {
  const isShared = (axis: number) => method === 'spatial' && axis > 0 && axis < shape.length - 1;
  return shape.map((length, axis) => (isShared(axis) ? 1 : length));
}

/**
 * Dropout in training; differentiable with respect to x.
 *
 * - `standard`: inverted dropout; kept units are divided by the keep probability, others become 0.
 * - `alpha`: dropped units become alpha', then `a x + b` restores mean 0 and variance 1, with keep
 *   probability q, `a = (q ((1 - q) alpha'^2 + 1))^(-1/2)` and `b = -a (1 - q) alpha'`
 *   (Klambauer et al., arXiv:1706.02515, section 3).
 * - `spatial`: `standard` for whole channels (Tompson et al. 2015, arXiv:1411.4280).
 *
 * @param uniform values in [0, 1), of x's shape, or of one that is broadcast to it: a unit is kept where they
 * are below `1 - rate`
 * @param rate probability of dropping, in [0, 1)
 */
export function dropped(x: Tensor, uniform: Tensor, method: DropoutMethod, rate: number): Tensor {
  const keep = 1 - rate;
  const { a, b, c } = affine(method, keep);
  const operation = tf.customGrad((input, draws, save) => {
    const mask = tf.cast(tf.less(draws as Tensor, keep), 'float32');
    const slope = tf.mul(mask, a);
    (save as tf.GradSaveFunc)([slope]);
    const scaled = tf.mul(input as Tensor, slope);
    return {
      value: b === 0 && c === 0 ? scaled : tf.add(scaled, tf.add(tf.mul(mask, b - c), c)),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => [tf.mul(dy, saved!), tf.zeros(uniform.shape)],
    };
  });
  return operation(x, uniform);
}

function affine(method: DropoutMethod, keep: number): Affine {
  if (method !== 'alpha') return { a: 1 / keep, b: 0, c: 0 };
  const a = Math.sqrt(1 / (keep * ((1 - keep) * alphaPrime ** 2 + 1)));
  const b = -a * (1 - keep) * alphaPrime;
  return { a, b, c: a * alphaPrime + b };
}
