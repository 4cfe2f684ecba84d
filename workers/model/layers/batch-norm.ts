import { tf } from '../../tf.js';
import { normalized } from './normalization.js';
import type { LayerOp } from './op.js';

/** In evaluation the moving means stand for the minibatch's, and the layer is one factor and one summand. */
export const batchNorm: LayerOp<'batchNorm'> = (x, { momentum, epsilon }, own, { training }) => {
  const { gamma, beta, movingMean, movingVariance } = own as Record<string, tf.Tensor>;
  if (training === undefined) {
    const factor = tf.mul(gamma!, tf.rsqrt(tf.add(movingVariance!, epsilon)));
    return tf.add(tf.mul(x, factor), tf.sub(beta!, tf.mul(movingMean!, factor)));
  }
  const move = (moving: tf.Tensor, current: tf.Tensor) =>
    tf.add(tf.mul(moving, momentum), tf.mul(tf.reshape(current, moving.shape), 1 - momentum));
  return normalized(x, gamma!, beta!, {
    epsilon,
    over: 'rows',
    observe(mean, variance) {
      training.update('movingMean', move(movingMean!, mean));
      training.update('movingVariance', move(movingVariance!, variance));
    },
  });
};
