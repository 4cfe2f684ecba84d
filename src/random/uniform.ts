import { philox4x32 } from './philox.js';
import type { Words2, Words4 } from './philox.js';

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
function fillBlocks(out: Float32Array, key: Words2, upper: Words2): void {
  for (let index = 0, block = 0; index < out.length; index += 4, block += 1) {
    const counter: Words4 = [block >>> 0, Math.floor(block / 0x100000000), upper[0], upper[1]];
    const words = philox4x32(counter, key);
    const count = Math.min(4, out.length - index);
    for (let word = 0; word < count; word += 1) {
      out[index + word] = (words[word]! & mantissaMask) * mantissaScale;
    }
  }
}
