import { tf } from '../../tf.js';
import type { OptimizerOp } from './op.js';

/**
 * Stochastic gradient descent with classical momentum: `v = momentum * v + gradient`, then
 * `w = w - learningRate * v`, or with Nesterov's `w = w - learningRate * (gradient + momentum * v)`.
 * Without momentum there is no state.
 * Polyak 1964; Sutskever et al. 2013. In the form of TensorFlow's MomentumOptimizer and PyTorch's SGD.
 */
export const sgd: OptimizerOp<'sgd'> = {
  update({ parameter, gradient, slots, rate }, { momentum, nesterov }, engine) {
    const velocity = slots.momentum;
    velocity?.assign(tf.add(tf.mul(velocity, momentum), gradient));
    const direction =
      velocity && nesterov === true ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity;
    engine.descend(parameter, direction ?? gradient, rate);
  },
};
