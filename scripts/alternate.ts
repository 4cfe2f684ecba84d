import { median } from '../src/statistics/moments.js';

/**
 * Measures a run alone and followed, in alternation. Neither is always the first: a machine that slows down would favour it.
 * @param measure milliseconds
 */
export async function alternate(
  rounds: number,
  measure: (isFollowed: boolean) => Promise<number>,
): Promise<{ aloneMs: number; followedMs: number; ratio: number; ratios: number[] }> {
  const alone: number[] = [];
  const followed: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? [false, true] : [true, false];
    for (const isFollowed of order) {
      (isFollowed ? followed : alone).push(await measure(isFollowed));
    }
  }
  const ratios = alone.map((ms, round) => followed[round]! / ms);
  return { aloneMs: median(alone), followedMs: median(followed), ratio: median(ratios), ratios };
}
