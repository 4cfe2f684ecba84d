import type { InitializerName } from '../../src/protocol/index.js';
import { philoxBlock } from '../../src/random/philox.js';

/** What an initializer does to draws of zero mean and unit variance. */
interface Initializer {
  readonly distribution: 'normal' | 'uniform';
  /** Variance of the weights. */
  readonly variance: (fanIn: number, fanOut: number) => number;
}

/**
 * He et al. 2015 (arXiv:1502.01852), LeCun et al. 1998 ("Efficient BackProp") as used by
 * self-normalizing networks (arXiv:1706.02515, section 2), Glorot and Bengio 2010.
 */
const initializers: Readonly<Record<InitializerName, Initializer>> = {
  he: { distribution: 'normal', variance: (fanIn) => 2 / fanIn },
  heUniform: { distribution: 'uniform', variance: (fanIn) => 2 / fanIn },
  lecun: { distribution: 'normal', variance: (fanIn) => 1 / fanIn },
  lecunUniform: { distribution: 'uniform', variance: (fanIn) => 1 / fanIn },
  glorot: { distribution: 'normal', variance: (fanIn, fanOut) => 2 / (fanIn + fanOut) },
  glorotUniform: { distribution: 'uniform', variance: (fanIn, fanOut) => 2 / (fanIn + fanOut) },
};

export interface WeightDraw {
  readonly initializer: InitializerName;
  readonly fanIn: number;
  readonly fanOut: number;
  /** int32 seed of the variant's `init` stream. */
  readonly seed: number;
  /** Position of the layer in the network, from 0. */
  readonly layer: number;
}

/**
 * Draws a layer's kernel: unit draws that depend on (seed, layer, position) alone, times the
 * initializer's standard deviation. Variants that share a seed scale the same draws, whatever their
 * initializers (of the same distribution).
 * @param size number of weights
 * @returns float32, rounded once from float64
 */
export function drawWeights(size: number, draw: WeightDraw): Float32Array {
  const { distribution, variance } = initializers[draw.initializer];
  const scale = Math.sqrt(variance(draw.fanIn, draw.fanOut));
  const fill = distribution === 'normal' ? normalBlock : uniformBlock;
  const weights = new Float32Array(size);
  const words = new Uint32Array(4);
  const block = new Float64Array(4);
  for (let index = 0, counter = 0; index < size; index += 4, counter += 1) {
    philoxBlock(words, counter, 0, 0, 0, draw.seed, draw.layer);
    fill(words, block);
    for (let word = 0; word < 4 && index + word < size; word += 1) {
      weights[index + word] = scale * block[word]!;
    }
  }
  return weights;
}

/** Box and Muller 1958: two pairs of standard normal values, each from two uniform ones. */
function normalBlock(words: Uint32Array, out: Float64Array): void {
  for (let pair = 0; pair < 4; pair += 2) {
    const radius = Math.sqrt(-2 * Math.log(openUniform(words[pair]!)));
    const angle = 2 * Math.PI * openUniform(words[pair + 1]!);
    out[pair] = radius * Math.cos(angle);
    out[pair + 1] = radius * Math.sin(angle);
  }
}

/** Uniform on (-sqrt 3, sqrt 3): zero mean, unit variance. */
function uniformBlock(words: Uint32Array, out: Float64Array): void {
  for (let word = 0; word < 4; word += 1) {
    out[word] = (2 * openUniform(words[word]!) - 1) * Math.sqrt(3);
  }
}

/** The middle of one of 2^32 equal parts of (0, 1): never 0 or 1. */
function openUniform(word: number): number {
  return (word + 0.5) / 0x100000000;
}
