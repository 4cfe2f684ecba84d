import { isConstant } from './moments.js';
import { equivalenceTest } from './equivalence.js';
import { pairedT } from './paired-t.js';
import type { Pairs } from './pairs.js';
import { signFlipTest } from './sign-flip.js';

/**
 * The p of "the variants differ" that the verdict rests on: the larger of the paired t test's and
 * the sign-flip test's, so that a claim needs both, and the sign-flip test alone when all
 * differences are equal and t has no value. Valid whenever the sign-flip test is: exactly so for a
 * variant against itself. `null` with fewer than 2 pairs.
 */
export function differenceP({ differences, noise }: Pairs): number | null {
  const flip = signFlipTest(differences, { noise });
  if (differences.length < 2 || !flip.computable) return null;
  const t = pairedT(differences, 0.95);
  return t.computable ? Math.max(t.p, flip.p) : flip.p;
}

/**
 * The p of "the mean difference is within ±margin": the largest of TOST's and of two one-sided
 * sign-flip tests of the differences shifted by the margin. When all differences are equal TOST
 * has no value, and they must lie within the margin. `null` with fewer than 2 pairs or no margin.
 */
export function equivalenceP({ differences, noise }: Pairs, margin: number): number | null {
  if (differences.length < 2 || !(margin > 0)) return null;
  const shifted = [differences.map((d) => margin + d), differences.map((d) => margin - d)];
  const flips = shifted.map((ds) => signFlipTest(ds, { noise, alternative: 'greater' }));
  const flipP = Math.max(...flips.map((flip) => (flip.computable ? flip.p : 1)));
  const tost = equivalenceTest(differences, margin, 0.05);
  if (tost.computable) return Math.max(tost.p, flipP);
  return isConstant(differences) && Math.abs(differences[0]!) < margin ? flipP : 1;
}
