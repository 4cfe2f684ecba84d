/**
 * Box and Muller 1958: four standard normal numbers from the four words of a block, in two pairs.
 * @param out `[4]`
 */
export function normalBlock(words: Uint32Array, out: Float64Array): void {
  for (let pair = 0; pair < 4; pair += 2) {
    const radius = Math.sqrt(-2 * Math.log(openUniform(words[pair]!)));
    const angle = 2 * Math.PI * openUniform(words[pair + 1]!);
    out[pair] = radius * Math.cos(angle);
    out[pair + 1] = radius * Math.sin(angle);
  }
}

/** The middle of one of 2^32 equal parts of (0, 1): never 0 or 1. */
export function openUniform(word: number): number {
  return (word + 0.5) / 0x100000000;
}
