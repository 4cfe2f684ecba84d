import { philox4x32 } from '../random/philox.js';

/** The key of the sign flips, so that no other use of the generator shares their draws. */
const key = [0x7369676e, 1] as const;

/** The signs at positions 128 × `block` and after, of one draw: 128 fair bits in four words. */
export function signWords(draw: number, block: number): readonly number[] {
  return philox4x32([draw, block, 0, 0], key);
}

/**
 * Fills `signs` with fair random +1 and -1 that depend on the draw's number and the
 * position alone: sign i is bit i mod 32 of word (i div 32) of the Philox blocks with counters
 * (draw, 0), (draw, 1), …
 */
export function randomSigns(draw: number, signs: Int8Array): void {
  for (let block = 0; 128 * block < signs.length; block++) {
    const words = signWords(draw, block);
    const end = Math.min(128, signs.length - 128 * block);
    for (let bit = 0; bit < end; bit++) {
      signs[128 * block + bit] = (words[bit >>> 5]! >>> (bit & 31)) & 1 ? 1 : -1;
    }
  }
}
