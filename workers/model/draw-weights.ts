import { normalBlock, openUniform } from '../../src/random/normal.js';
import { philoxBlock } from '../../src/random/philox.js';
import type { DrawnValues, Shape } from '../../src/protocol/index.js';
import { orthonormalize } from './orthogonal.js';

/** Where a tensor's random numbers come from. */
export interface DrawPlace {
  /** int32 seed of the variant's `init` stream. */
  readonly seed: number;
  /** Position of the layer, or of the one it is inside, in the network, from 0. */
  readonly layer: number;
  /** Of a layer inside that one: its position among all of those, from 1; 0 for the outer layer itself. */
  readonly inner: number;
  /** Position of the tensor among those of the layer that are drawn, from 0. */
  readonly tensor: number;
}

/** In standard deviations. */
const truncation = 2;

type Fill = (words: Uint32Array, out: Float64Array) => void;

/**
 * Draws one of a layer's tensors: unit draws that depend on its place and the position alone, times a scale.
 * Variants that share a seed scale the same draws, whatever their initializers (of the same
 * distribution).
 * @returns float32, rounded once from float64
 */
export function drawWeights(shape: Shape, values: DrawnValues, place: DrawPlace): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  if (values.distribution === 'orthogonal') {
    return orthogonal(size, shape.at(-1)!, values.gain, place);
  }
  const weights = new Float32Array(size);
  if (values.distribution === 'truncatedNormal') {
    const { stddev } = values;
    drawEach(size, normalBlock, truncation, place, (z, index) => (weights[index] = stddev * z));
  } else {
    const scale = Math.sqrt(values.variance);
    const fill = values.distribution === 'normal' ? normalBlock : uniformBlock;
    drawEach(size, fill, Infinity, place, (z, index) => (weights[index] = scale * z));
  }
  return weights;
}

/**
 * Gives unit draws in order. A draw beyond the limit gives way to that of the same position in the next
 * attempt, which the counter's last word counts.
 */
function drawEach(
  size: number,
  fill: Fill,
  limit: number,
  { seed, layer, inner, tensor }: DrawPlace,
  take: (z: number, index: number) => void,
): void {
  const words = new Uint32Array(4);
  const block = new Float64Array(4);
  const again = new Float64Array(4);
  for (let index = 0, counter = 0; index < size; index += 4, counter += 1) {
    philoxBlock(words, counter, tensor, inner, 0, seed, layer);
    fill(words, block);
    for (let word = 0; word < 4 && index + word < size; word += 1) {
      let z = block[word]!;
      for (let attempt = 1; Math.abs(z) > limit; attempt += 1) {
        philoxBlock(words, counter, tensor, inner, attempt, seed, layer);
        fill(words, again);
        z = again[word]!;
      }
      take(z, index + word);
    }
  }
}

/**
 * Saxe et al. 2014 (arXiv:1312.6120), as Keras's Orthogonal: the Q of a normal matrix that is at least as
 * high as wide, turned where the weights are wider than high; the diagonal of R is positive.
 */
function orthogonal(size: number, columns: number, gain: number, place: DrawPlace): Float32Array {
  const rows = size / columns;
  const [length, count] = [Math.max(rows, columns), Math.min(rows, columns)];
  // Each column of the normal matrix lies in one piece.
  const vectors = new Float64Array(size);
  drawEach(size, normalBlock, Infinity, place, (z, index) => {
    vectors[(index % count) * length + Math.floor(index / count)] = z;
  });
  orthonormalize(vectors, count, length);
  const weights = new Float32Array(size);
  for (let index = 0; index < size; index += 1) {
    const row = Math.floor(index / columns);
    const column = index % columns;
    const from = rows < columns ? row * length + column : column * length + row;
    weights[index] = gain * vectors[from]!;
  }
  return weights;
}

/** Uniform on (-sqrt 3, sqrt 3): zero mean, unit variance. */
function uniformBlock(words: Uint32Array, out: Float64Array): void {
  for (let word = 0; word < 4; word += 1) {
    out[word] = (2 * openUniform(words[word]!) - 1) * Math.sqrt(3);
  }
}
