import { tf } from '../../tf.js';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Engine } from '../engine.js';
import type { Operations } from './operations.js';

/**
 * {@link Engine.descend}: by one of Lockstep's own operations if the binding has it, otherwise by two of
 * TensorFlow's, with the same bits.
 */
export function chooseDescend(ops: Operations): Engine['descend'] {
  const result = ops.has(
    () => own(ops, tf.scalar(3), tf.scalar(2), tf.scalar(0.5)).dataSync()[0] === 2,
  )
    ? (parameter: Tensor, direction: Tensor, rate: Scalar) => own(ops, parameter, direction, rate)
    : (parameter: Tensor, direction: Tensor, rate: Scalar) =>
        tf.sub(parameter, tf.mul(direction, rate));
  return (parameter, direction, rate) => {
    parameter.assign(tf.tidy(() => result(parameter, direction, rate)));
  };
}

function own(ops: Operations, parameter: Tensor, direction: Tensor, rate: Scalar): Tensor {
  return ops.run('LockstepDescend', [parameter, direction, rate], []);
}
