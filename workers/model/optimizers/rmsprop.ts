import { tf } from '../../tf.js';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { OptimizerOp } from './op.js';

/**
 * Tieleman and Hinton 2012 (lecture 6e of "Neural networks for machine learning"), in Keras's form:
 * means `s` of the squared gradients and, if centered, `a` of the gradients, then
 * `w = w - learningRate gradient / sqrt(s - a² + epsilon)`.
 * With momentum, `v = momentum v + learningRate gradient / sqrt(…)` is subtracted instead.
 */
export const rmsprop: OptimizerOp<'rmsprop'> = {
  update({ parameter, gradient, slots, rate }, { rho, momentum, epsilon }, engine) {
    const { meanSquare, mean, momentum: velocity } = slots;
    const decayed = (kept: Tensor, value: Tensor) =>
      tf.add(tf.mul(kept, rho), tf.mul(value, 1 - rho));
    meanSquare!.assign(decayed(meanSquare!, tf.square(gradient)));
    mean?.assign(decayed(mean, gradient));
    // Rounding can make a variance negative.
    const spread = mean ? tf.relu(tf.sub(meanSquare!, tf.square(mean))) : meanSquare!;
    const direction = tf.div(gradient, tf.sqrt(tf.add(spread, epsilon)));
    velocity?.assign(tf.add(tf.mul(velocity, momentum), tf.mul(direction, rate)));
    if (velocity) engine.descend(parameter, velocity, tf.scalar(1));
    else engine.descend(parameter, direction, rate);
  },
};
