import { countFrom, sizesOf, staying, takeAt } from './flip-path.js';
import type { FlipPath } from './flip-path.js';
import { signWords } from './random-signs.js';
import { signFlipDraws } from './sign-tests.js';

/** Pairs that the words of one block of signs are for. */
const blockSize = 128;

/** {@link signFlipDraws} reproducible random patterns of signs, and the observed one as one more (Phipson & Smyth, SAGMB 9, 2010). */
export function randomFlips(sides: 1 | 2): FlipPath {
  const patterns = signFlipDraws + 1;
  const words = new Uint32Array((blockSize / 32) * signFlipDraws);
  let draws = Uint32Array.from({ length: signFlipDraws }, (_, draw) => draw);
  let sums: Float64Array = new Float64Array(signFlipDraws);
  let pairs = 0;
  let observedStays = true;
  let struck = 0;

  function drawSigns(): void {
    for (const draw of draws) words.set(signWords(draw, pairs / blockSize), 4 * draw);
  }

  return {
    add(magnitude) {
      const at = pairs % blockSize;
      if (at === 0) drawSigns();
      const [word, bit] = [at >>> 5, at & 31];
      for (let i = 0; i < sums.length; i++) {
        const isPlus = (words[4 * draws[i]! + word]! >>> bit) & 1;
        sums[i]! += isPlus ? magnitude : -magnitude;
      }
      pairs += 1;
    },
    share: (threshold) =>
      struck + (countFrom(sizesOf(sums, sides), threshold) + (observedStays ? 1 : 0)) / patterns,
    strike(spent, tau, observed) {
      const room = patterns * (spent - struck);
      if (observed && observedStays) {
        observedStays = false;
        struck += 1 / patterns;
      }
      const kept = staying(sizesOf(sums, sides), observed ? room - 1 : room, tau);
      if (kept === undefined) return;
      struck += (sums.length - kept.length) / patterns;
      sums = takeAt(sums, kept);
      draws = kept.map((at) => draws[at]!);
    },
  };
}
