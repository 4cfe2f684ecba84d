import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ActivationName } from '../../../src/protocol/index.js';
import { activations, leakyReluSlope } from '../activations.js';
import { allocate, valuesOf } from './heap.js';

const seluScale = 1.0507009873554805;
const seluScaleAlpha = 1.7580993408473766;

/** Each activation's derivative, as a function of its output: all of them allow that. */
const derivatives: Readonly<Record<ActivationName, (y: number) => number>> = {
  linear: () => 1,
  relu: (y) => (y > 0 ? 1 : 0),
  selu: (y) => (y > 0 ? seluScale : y + seluScaleAlpha),
  elu: (y) => (y > 0 ? 1 : y + 1),
  leakyRelu: (y) => (y > 0 ? 1 : leakyReluSlope),
  tanh: (y) => 1 - y * y,
  sigmoid: (y) => y * (1 - y),
};

/** `activation(x + bias)`; its gradient makes one pass for both inputs. */
export function biasActivation(x: Tensor, bias: Tensor, activation: ActivationName): Tensor {
  const operation = tf.customGrad((input, channelBias, save) => {
    const y = activations[activation](tf.add(input as Tensor, channelBias as Tensor));
    (save as tf.GradSaveFunc)([y]);
    return {
      value: y,
      gradFunc: (dy: Tensor, [output]: Tensor[]) =>
        gradients(dy, output!, (channelBias as Tensor).size, derivatives[activation]),
    };
  });
  return operation(x, bias);
}

function gradients(
  dy: Tensor,
  y: Tensor,
  channels: number,
  derivative: (y: number) => number,
): [Tensor, Tensor] {
  const dxInfo = allocate(dy.shape);
  const dbInfo = allocate([channels]);
  const [dyValues, yValues, dx, db] = [dy, y, dxInfo, dbInfo].map(valuesOf) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const sums = new Float64Array(channels);
  for (let start = 0; start < dx.length; start += channels) {
    for (let channel = 0; channel < channels; channel += 1) {
      const gradient = dyValues[start + channel]! * derivative(yValues[start + channel]!);
      dx[start + channel] = gradient;
      sums[channel] = sums[channel]! + gradient;
    }
  }
  db.set(sums);
  return [wrap(dxInfo), wrap(dbInfo)];
}

function wrap(info: tf.TensorInfo): Tensor {
  return tf.engine().makeTensorFromTensorInfo(info);
}
