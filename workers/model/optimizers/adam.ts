import { tf } from '../../tf.js';
import type { Engine, Update } from '../../engines/engine.js';
import type { OptimizerOp } from './op.js';

/**
 * Kingma and Ba 2015 (arXiv:1412.6980), in the form of the end of its section 2, which is Keras's:
 * means `m` of the gradients and `v` of their squares, whose start at 0 the learning rate makes up for,
 * `w = w - learningRate sqrt(1 - beta2^step) / (1 - beta1^step) m / (sqrt(v) + epsilon)`.
 */
export const adam: OptimizerOp<'adam'> = { rate: correctedRate, update: descendByMoments };

interface Moments {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Adam's learning rate, which makes up for moments that start at 0. */
export function correctedRate(
  step: number,
  learningRate: number,
  { beta1, beta2 }: Moments,
): number {
  return (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
}

/** Adam's update of a parameter. */
export function descendByMoments(
  { parameter, gradient, slots, rate }: Update,
  { beta1, beta2, epsilon }: Moments,
  engine: Engine,
): void {
  const m = slots.m!;
  const v = slots.v!;
  m.assign(tf.add(m, tf.mul(tf.sub(gradient, m), 1 - beta1)));
  v.assign(tf.add(v, tf.mul(tf.sub(tf.square(gradient), v), 1 - beta2)));
  engine.descend(parameter, tf.div(m, tf.add(tf.sqrt(v), epsilon)), rate);
}
