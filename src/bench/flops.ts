import { inferShapes } from '../model/network.js';
import type { ImageShape, VariantSpec } from '../protocol/index.js';

/**
 * Floating-point operations of convolutions and dense layers in one step on one minibatch: forward,
 * the gradients of weights and of inputs (not of the images), and the forward pass of the evaluation.
 * A multiplication and an addition count as two; elementwise work is not counted.
 */
export function stepFlops(variant: VariantSpec, image: ImageShape, batch: number): number {
  let flops = 0;
  let first = true;
  for (const { layer, kernelShape, outputShape } of inferShapes(variant.layers, image)) {
    if (kernelShape === undefined) continue;
    const positions = layer.kind === 'conv2d' ? outputShape[0]! * outputShape[1]! : 1;
    const multiplications = kernelShape.reduce((product, size) => product * size, positions);
    flops += 2 * batch * multiplications * (first ? 3 : 4);
    first = false;
  }
  return flops;
}
