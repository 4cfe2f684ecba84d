import { tf } from '../../tf.js';
import type { OptimizerOp } from './op.js';

/**
 * Stochastic gradient descent with classical momentum: `v = momentum * v + gradient`, then
 * `w = w - learningRate * v`. Without momentum there is no state.
 * Polyak 1964; in the form of TensorFlow's MomentumOptimizer.
 */
export const sgd: OptimizerOp<'sgd'> = (
  { parameter, gradient, slots, learningRate },
  { momentum },
  engine,
) => {
  const velocity = slots.momentum;
  velocity?.assign(tf.add(tf.mul(velocity, momentum), gradient));
  engine.descend(parameter, velocity ?? gradient, learningRate);
};
