import { normalBlock } from '../../src/random/normal.js';
import type { Draws } from '../../workers/augmentations/draws.js';

/**
 * Draws whose blocks all start with the words that mean these numbers.
 * @param units up to four numbers in [0, 1)
 */
export function fixedDraws(...units: readonly number[]): Draws {
  const words = Uint32Array.from([...units, 0, 0, 0, 0].slice(0, 4), (unit) => unit * 2 ** 32);
  const normal = new Float64Array(4);
  normalBlock(words, normal);
  return {
    block: () => words,
    normals: (out) => {
      out.forEach((_, k) => (out[k] = normal[k % 4]!));
    },
  };
}
