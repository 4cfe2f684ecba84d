import { tf } from '../../tf.js';
import type { Tensor } from '@tensorflow/tfjs-core';
import { leakyReluSlope } from '../../../src/model/activations.js';
import type { ActivationName } from '../../../src/model/activations.js';
import type { Operations } from './operations.js';

/** TensorFlow's operation for an activation, and the one for its gradient. */
interface NativeActivation {
  readonly forward: (ops: Operations, x: Tensor) => Tensor;
  /** From the gradient of the output `y`, and `y`. */
  readonly backward: (ops: Operations, dy: Tensor, y: Tensor) => Tensor;
}

/** Operations whose gradient takes (gradient, output). Where only the sign matters, y has x's. */
function pair(forward: string, backward: string): NativeActivation {
  return {
    forward: (ops, x) => ops.run(forward, [x], [ops.float]),
    backward: (ops, dy, y) => ops.run(backward, [dy, y], [ops.float]),
  };
}

/** Operations whose gradient takes (output, gradient). */
function reversedPair(forward: string, backward: string): NativeActivation {
  return {
    forward: (ops, x) => ops.run(forward, [x], [ops.float]),
    backward: (ops, dy, y) => ops.run(backward, [y, dy], [ops.float]),
  };
}

const natives: Readonly<Record<Exclude<ActivationName, 'linear'>, NativeActivation>> = {
  relu: pair('Relu', 'ReluGrad'),
  selu: pair('Selu', 'SeluGrad'),
  elu: pair('Elu', 'EluGrad'),
  leakyRelu: {
    forward: (ops, x) =>
      ops.run('LeakyRelu', [x], [ops.float, ops.number('alpha', leakyReluSlope)]),
    backward: (ops, dy, y) =>
      ops.run('LeakyReluGrad', [dy, y], [ops.float, ops.number('alpha', leakyReluSlope)]),
  },
  tanh: reversedPair('Tanh', 'TanhGrad'),
  sigmoid: reversedPair('Sigmoid', 'SigmoidGrad'),
};

/** `activation(x + bias)` over TensorFlow's BiasAdd and activation operations and their gradients. */
export function biasActivation(
  ops: Operations,
  x: Tensor,
  bias: Tensor | undefined,
  activation: ActivationName,
): Tensor {
  const native = activation === 'linear' ? undefined : natives[activation];
  const layout = ops.text('data_format', 'NHWC');
  if (bias === undefined) return activate(ops, x, native);
  const operation = tf.customGrad((input, channelBias, save) => {
    const sum = ops.run('BiasAdd', [input as Tensor, channelBias as Tensor], [ops.float, layout]);
    const y = native?.forward(ops, sum) ?? sum;
    (save as tf.GradSaveFunc)(native === undefined ? [] : [y]);
    return {
      value: y,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const dx = native?.backward(ops, dy, saved[0]!) ?? tf.clone(dy);
        return [dx, ops.run('BiasAddGrad', [dx], [ops.float, layout])];
      },
    };
  });
  return operation(x, bias);
}

function activate(ops: Operations, x: Tensor, native: NativeActivation | undefined): Tensor {
  if (native === undefined) return x;
  const operation = tf.customGrad((input, save) => {
    const y = native.forward(ops, input as Tensor);
    (save as tf.GradSaveFunc)([y]);
    return {
      value: y,
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => native.backward(ops, dy, saved!),
    };
  });
  return operation(x);
}
