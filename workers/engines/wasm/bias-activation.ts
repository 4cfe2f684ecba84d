import { tf } from '../../tf.js';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation, ActivationName } from '../../../src/model/activations.js';
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
  softplus: 7,
  gelu: 8,
  silu: 9,
};

/** Whose derivative cannot be told from the output alone. */
const derivedFromInput: readonly ActivationName[] = ['gelu', 'silu'];

/** `activation(x + bias)` in one pass; its gradient makes one pass for both inputs. */
export function biasActivation(
  kernels: CompiledKernels,
  x: Tensor,
  bias: Tensor | undefined,
  activation: Activation,
): Tensor {
  const kind = kinds[activation.kind];
  const slope = activation.kind === 'leakyRelu' ? activation.slope : 0;
  const fromInput = derivedFromInput.includes(activation.kind);
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
      slope,
    );
    const value = wrap(output);
    (save as tf.GradSaveFunc)(fromInput ? [input as Tensor, channelBias as Tensor] : [value]);
    return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => gradients(dy, saved) };
  });
  return operation(x, bias);

  /** @param saved the output, or the input and the bias */
  function gradients(dy: Tensor, [at, added]: Tensor[]): [Tensor, Tensor] {
    const dx = allocate(dy.shape);
    const db = allocate([channels]);
    withScratch(channels, (sums) => {
      kernels.biasActivationGradient(
        addressOf(dy),
        addressOf(at!),
        addressOf(dx),
        addressOf(db),
        rows,
        channels,
        kind,
        slope,
        sums,
        added === undefined ? 0 : addressOf(added),
      );
    });
    return [wrap(dx), wrap(db)];
  }
}
