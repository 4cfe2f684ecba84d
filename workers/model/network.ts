import { tf } from '../tf.js';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerShape } from '../../src/model/network.js';
import type { VariantSpec } from '../../src/protocol/index.js';
import type { Engine } from '../engines/engine.js';

/** A layer's trainable tensors. */
export interface LayerWeights {
  /** `[height, width, in, out]`, or of a dense layer as the engine's `denseKernels` says. */
  readonly kernel: Tensor;
  /** `[out]` */
  readonly bias: Tensor;
}

/**
 * What dropout does to a layer's output in this pass; absent in inference.
 * @param index of the dropout layer among the network's dropout layers, from 0
 */
export type Dropout = (x: Tensor, index: number, rate: number) => Tensor;

export interface ForwardOptions {
  readonly engine: Engine;
  readonly variant: VariantSpec;
  readonly shapes: readonly LayerShape[];
  /** By position of the layer in the network. */
  readonly weights: ReadonlyMap<number, LayerWeights>;
  readonly dropout?: Dropout | undefined;
}

/**
 * The network's logits.
 * @param inputs `[batch, height, width, channels]` float32
 * @returns `[batch, classes]` float32
 */
export function forward(inputs: Tensor4D, options: ForwardOptions): Tensor2D {
  const { engine, variant, shapes, weights, dropout } = options;
  let x: Tensor = inputs;
  let dropoutIndex = 0;
  for (let index = 0; index < shapes.length; index += 1) {
    const { layer } = shapes[index]!;
    switch (layer.kind) {
      case 'conv2d': {
        const { kernel, bias } = weights.get(index)!;
        const next = shapes[index + 1]?.layer;
        if (next?.kind === 'maxPool') {
          // A monotone activation and a bias per channel commute with max pooling, so pooling first
          // gives the same numbers for a fraction of the elementwise work.
          const layers = { conv: layer, pool: next, first: x === inputs };
          x = engine.convMaxPool(x as Tensor4D, kernel as Tensor4D, layers);
          index += 1;
        } else {
          x = tf.conv2d(x as Tensor4D, kernel as Tensor4D, layer.strides, layer.padding);
        }
        x = engine.biasActivation(x, bias, layer.activation ?? variant.activation);
        break;
      }
      case 'maxPool':
        x = tf.maxPool(x as Tensor4D, layer.poolSize, layer.strides, layer.padding);
        break;
      case 'flatten':
        x = tf.reshape(x, [x.shape[0], -1]);
        break;
      case 'dense': {
        const { kernel, bias } = weights.get(index)!;
        const fallback = index < shapes.length - 1 ? variant.activation : 'linear';
        x = tf.matMul(x, kernel, false, engine.denseKernels === 'out, in');
        x = engine.biasActivation(x, bias, layer.activation ?? fallback);
        break;
      }
      case 'dropout':
        x = dropout?.(x, dropoutIndex, layer.rate ?? variant.dropout.rate) ?? x;
        dropoutIndex += 1;
        break;
    }
  }
  return x as Tensor2D;
}
