import { normalBlock, openUniform } from '../../src/random/normal.js';
import { philoxBlock } from '../../src/random/philox.js';

export interface WeightDraw {
  readonly distribution: 'normal' | 'uniform';
  /** The variance of the weights, whose mean is 0. */
  readonly variance: number;
  /** int32 seed of the variant's `init` stream. */
  readonly seed: number;
  /** Position of the layer, or of the one it is inside, in the network, from 0. */
  readonly layer: number;
  /** Of a layer inside that one: its position among all of those, from 1; 0 for the outer layer itself. */
  readonly inner: number;
  /** Position of the tensor among those of the layer that are drawn, from 0. */
  readonly tensor: number;
}

/**
 * Draws one of a layer's tensors: unit draws that depend on (seed, layer, inner, tensor, position) alone, times
 * the standard deviation. Variants that share a seed scale the same draws, whatever their
 * initializers (of the same distribution).
 * @param size number of weights
 * @returns float32, rounded once from float64
 */
export function drawWeights(size: number, draw: WeightDraw): Float32Array {
  const scale = Math.sqrt(draw.variance);
  const fill = draw.distribution === 'normal' ? normalBlock : uniformBlock;
  const weights = new Float32Array(size);
  const words = new Uint32Array(4);
  const block = new Float64Array(4);
  for (let index = 0, counter = 0; index < size; index += 4, counter += 1) {
    philoxBlock(words, counter, draw.tensor, draw.inner, 0, draw.seed, draw.layer);
    fill(words, block);
    for (let word = 0; word < 4 && index + word < size; word += 1) {
      weights[index + word] = scale * block[word]!;
    }
  }
  return weights;
}

/** Uniform on (-sqrt 3, sqrt 3): zero mean, unit variance. */
function uniformBlock(words: Uint32Array, out: Float64Array): void {
  for (let word = 0; word < 4; word += 1) {
    out[word] = (2 * openUniform(words[word]!) - 1) * Math.sqrt(3);
  }
}
