import { countFrom, sizesOf, staying, takeAt } from './flip-path.js';
import type { FlipPath } from './flip-path.js';

/**
 * All 2^n patterns of signs (Fisher, The Design of Experiments, 1935, §21), grown pair by pair; the observed one is among them.
 * Two-sided, a pattern and its opposite count as one, so that half of them do.
 */
export function exactFlips(sides: 1 | 2): FlipPath {
  let sums: Float64Array = Float64Array.of(0);
  let isEmpty = true;
  let patterns = 1;
  let struck = 0;
  return {
    add(magnitude) {
      if (isEmpty && sides === 2) {
        sums = Float64Array.of(magnitude);
      } else {
        const grown = new Float64Array(2 * sums.length);
        for (let i = 0; i < sums.length; i++) {
          grown[i] = sums[i]! + magnitude;
          grown[sums.length + i] = sums[i]! - magnitude;
        }
        sums = grown;
        patterns *= 2;
      }
      isEmpty = false;
    },
    share: (threshold) => struck + countFrom(sizesOf(sums, sides), threshold) / patterns,
    strike(spent, tau) {
      const kept = staying(sizesOf(sums, sides), patterns * (spent - struck), tau);
      if (kept === undefined) return;
      struck += (sums.length - kept.length) / patterns;
      sums = takeAt(sums, kept);
    },
  };
}
