import { tf } from '../../tf.js';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from '../../../src/model/activations.js';
import type { Operations } from './operations.js';

/** TensorFlow's operation for an activation, and the one for its gradient. */
interface NativeActivation {
  readonly forward: (ops: Operations, x: Tensor) => Tensor;
  /** Whether the derivative takes x; if not, it takes y. */
  readonly fromInput?: true;
  /** From the gradient of the output `y`, and `y`, or x. */
  readonly backward: (ops: Operations, dy: Tensor, saved: Tensor) => Tensor;
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

function leakyRelu(slope: number): NativeActivation {
  const attributes = (ops: Operations) => [ops.float, ops.number('alpha', slope)];
  return {
    forward: (ops, x) => ops.run('LeakyRelu', [x], attributes(ops)),
    backward: (ops, dy, y) => ops.run('LeakyReluGrad', [dy, y], attributes(ops)),
  };
}

/** `x Φ(x)`, whose derivative is `Φ(x) + x φ(x)` (Hendrycks and Gimpel, arXiv:1606.08415). */
const gelu: NativeActivation = {
  forward: (_ops, x) => tf.mul(x, normalDistribution(x)),
  fromInput: true,
  backward: (_ops, dy, x) =>
    tf.tidy(() => {
      const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.mul(dy, tf.add(normalDistribution(x), tf.mul(x, density)));
    }),
};

function normalDistribution(x: Tensor): Tensor {
  return tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
}

/** `x s` with s = sigmoid(x), whose derivative is `s (1 + x (1 - s))` (arXiv:1702.03118). */
const silu: NativeActivation = {
  forward: (_ops, x) => tf.mul(x, tf.sigmoid(x)),
  fromInput: true,
  backward: (_ops, dy, x) =>
    tf.tidy(() => {
      const s = tf.sigmoid(x);
      return tf.mul(dy, tf.mul(s, tf.add(tf.mul(x, tf.sub(1, s)), 1)));
    }),
};

const natives: Readonly<
  Record<Exclude<Activation['kind'], 'linear' | 'leakyRelu'>, NativeActivation>
> = {
  relu: pair('Relu', 'ReluGrad'),
  selu: pair('Selu', 'SeluGrad'),
  elu: pair('Elu', 'EluGrad'),
  tanh: reversedPair('Tanh', 'TanhGrad'),
  sigmoid: reversedPair('Sigmoid', 'SigmoidGrad'),
  softplus: { ...pair('Softplus', 'SoftplusGrad'), fromInput: true },
  gelu,
  silu,
};

function nativeOf(activation: Activation): NativeActivation | undefined {
  if (activation.kind === 'linear') return undefined;
  return activation.kind === 'leakyRelu' ? leakyRelu(activation.slope) : natives[activation.kind];
}

/** `activation(x + bias)` over TensorFlow's BiasAdd and activation operations and their gradients. */
export function biasActivation(
  ops: Operations,
  x: Tensor,
  bias: Tensor | undefined,
  activation: Activation,
): Tensor {
  const native = nativeOf(activation);
  const layout = ops.text('data_format', 'NHWC');
  if (bias === undefined) return activate(ops, x, native);
  const operation = tf.customGrad((input, channelBias, save) => {
    const sum = ops.run('BiasAdd', [input as Tensor, channelBias as Tensor], [ops.float, layout]);
    const y = native?.forward(ops, sum) ?? sum;
    (save as tf.GradSaveFunc)(native === undefined ? [] : [native.fromInput ? sum : y]);
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
    (save as tf.GradSaveFunc)([native.fromInput ? (input as Tensor) : y]);
    return {
      value: y,
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => native.backward(ops, dy, saved!),
    };
  });
  return operation(x);
}
