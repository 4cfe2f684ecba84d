import { tf } from '../../tf.js';
import type { Tensor } from '@tensorflow/tfjs-core';
import { leakyReluSlope } from '../../../src/model/activations.js';
import type { ActivationName } from '../../../src/model/activations.js';
import { addressOf, withScratch } from './compiled-kernels.js';
import type { CompiledKernels } from './compiled-kernels.js';
import { allocate, wrap } from './heap.js';

/** Their numbers in `assembly/activation.ts`. */
const kinds: Readonly<Record<ActivationName, number>> = {
  linear: 0,
  relu: 1,
  selu: 2,
  elu: 3,
  leakyRelu: 4,
  tanh: 5,
  sigmoid: 6,
};

/** `activation(x + bias)` in one pass; its gradient makes one pass for both inputs. */
export function biasActivation(
  kernels: CompiledKernels,
  x: Tensor,
  bias: Tensor | undefined,
  activation: ActivationName,
): Tensor {
  const kind = kinds[activation];
  if (bias === undefined) {
    return kind === kinds.linear
      ? x
      : biasActivation(kernels, x, tf.zeros(x.shape.slice(-1)), activation);
  }
  const channels = bias.size;
  const rows = x.size / channels;
  const operation = tf.customGrad((input, channelBias, save) => {
    const output = allocate(x.shape);
    kernels.biasActivation(
      addressOf(input as Tensor),
      addressOf(channelBias as Tensor),
      addressOf(output),
      rows,
      channels,
      kind,
      leakyReluSlope,
    );
    const value = wrap(output);
    (save as tf.GradSaveFunc)([value]);
    return { value, gradFunc: (dy: Tensor, [y]: Tensor[]) => gradients(dy, y!) };
  });
  return operation(x, bias);

  function gradients(dy: Tensor, y: Tensor): [Tensor, Tensor] {
    const dx = allocate(dy.shape);
    const db = allocate([channels]);
    withScratch(channels, (sums) => {
      kernels.biasActivationGradient(
        addressOf(dy),
        addressOf(y),
        addressOf(dx),
        addressOf(db),
        rows,
        channels,
        kind,
        leakyReluSlope,
        sums,
      );
    });
    return [wrap(dx), wrap(db)];
  }
}
