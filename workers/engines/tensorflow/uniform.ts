import { tf } from '../../tf.js';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { Engine } from '../engine.js';
import type { Operations } from './operations.js';

/**
 * {@link Engine.statelessUniform}: by Lockstep's own operation (`native/uniform_operation.cc`) if the binding has it,
 * otherwise by TensorFlow's, with the same bits in five times the time.
 */
export function chooseUniform(ops: Operations): Engine['statelessUniform'] {
  const seed = () => tf.tensor1d([-7, 11], 'int32');
  // Whole vectors, and parts of one.
  const isRight = () =>
    own(ops, [5, 9], seed()).dataSync().join() ===
    tensorflows(ops, [5, 9], seed()).dataSync().join();
  const draw = ops.has(isRight) ? own : tensorflows;
  return (shape, from) => draw(ops, shape, from);
}

function own(ops: Operations, shape: readonly number[], seed: Tensor1D): Tensor {
  return withShape(shape, (sizes) => ops.run('LockstepUniform', [sizes, seed], []));
}

function tensorflows(ops: Operations, shape: readonly number[], seed: Tensor1D): Tensor {
  const attributes = [
    ops.type('dtype', 'float32'),
    ops.type('T', 'int32'),
    ops.type('Tseed', 'int32'),
  ];
  return withShape(shape, (sizes) => ops.run('StatelessRandomUniform', [sizes, seed], attributes));
}

function withShape(shape: readonly number[], draw: (sizes: Tensor1D) => Tensor): Tensor {
  const sizes = tf.tensor1d([...shape], 'int32');
  const values = draw(sizes);
  sizes.dispose();
  return values;
}
