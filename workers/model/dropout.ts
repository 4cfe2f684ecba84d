import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { DropoutKind } from '../../src/protocol/index.js';

/** What dropped units become before the affine correction: -scale * alpha of selu. */
const alphaPrime = -1.7580993408473766;

/**
 * `x` where kept, `a * x + b` elsewhere, in the form `scale * x * mask + shift * (1 - mask) + offset`.
 *
 * - `standard`: inverted dropout; kept units are divided by the keep probability, others become 0.
 * - `alpha`: dropped units become alpha', then `a x + b` restores mean 0 and variance 1, with
 *   `a = (q + alpha'^2 q (1 - q))^(-1/2)`, `b = -a (1 - q) alpha'` and keep probability q
 *   (Klambauer et al., arXiv:1706.02515, section 3, "new dropout technique").
 *
 * @param uniform values in [0, 1), of x's shape: a unit is kept where they are below `1 - rate`
 * @param rate probability of dropping, in [0, 1)
 */
export function dropout(x: Tensor, uniform: Tensor, kind: DropoutKind, rate: number): Tensor {
  const keep = 1 - rate;
  const mask = tf.cast(tf.less(uniform, keep), 'float32');
  if (kind === 'standard') return tf.mul(x, tf.mul(mask, 1 / keep));
  const a = Math.sqrt(1 / (keep * ((1 - keep) * alphaPrime ** 2 + 1)));
  const b = -a * (1 - keep) * alphaPrime;
  // a (x m + alpha' (1 - m)) + b = x (a m) + ((b + a alpha') - a alpha' m)
  const offset = tf.sub(b + a * alphaPrime, tf.mul(mask, a * alphaPrime));
  return tf.add(tf.mul(x, tf.mul(mask, a)), offset);
}
