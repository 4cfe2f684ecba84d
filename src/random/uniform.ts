import { philox4x32, philoxBlock } from './philox.js';
import type { Words2 } from './philox.js';

/** The key with which TensorFlow scrambles a stateless seed (`GenerateKey` in stateless_random_ops.cc). */
const scrambleKey: Words2 = [0x3ec8f720, 0x02461e29];

/**
 * Fills `out` with `tf.raw_ops.StatelessRandomUniform(shape, seed, dtype=float32)`, bit for bit: values
 * in [0, 1) with 23 random bits, four from each Philox block.
 * @param seed two int32 values, sign-extended to 64 bits as TensorFlow does
 */
export function statelessUniform(
  out: Float32Array,
  [seed0, seed1]: readonly [number, number],
): void {
  const mixed = philox4x32(
    [seed0 >>> 0, signWord(seed0), seed1 >>> 0, signWord(seed1)],
    scrambleKey,
  );
  const key: Words2 = [mixed[0], mixed[1]];
  fillBlocks(out, key, [mixed[2], mixed[3]]);
}

function signWord(value: number): number {
  return value < 0 ? 0xffffffff : 0;
}

const mantissaMask = 0x7fffff;
const mantissaScale = 2 ** -23;

/** The counter's lower half counts blocks from 0; `upper` is its upper half. */
function fillBlocks(out: Float32Array, [key0, key1]: Words2, [upper0, upper1]: Words2): void {
  const words = new Uint32Array(4);
  for (let index = 0, block = 0; index < out.length; index += 4, block += 1) {
    // A typed array has fewer than 2^32 blocks.
    philoxBlock(words, block, 0, upper0, upper1, key0, key1);
    const count = Math.min(4, out.length - index);
    for (let word = 0; word < count; word += 1) {
      out[index + word] = (words[word]! & mantissaMask) * mantissaScale;
    }
  }
}
