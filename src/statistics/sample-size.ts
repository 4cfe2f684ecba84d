import { type Computed, computed, notComputable } from './computable.js';
import { equivalencePower, pairedTPower } from './power.js';

/** The chance a plan should have of deciding, by custom (Cohen 1988). */
export const customaryPower = 0.8;
/** No plan asks for more; above it the answer is "not computable". */
export const mostPairs = 100_000;

export interface SampleSize {
  /** Pairs in all, not more than those there are. */
  readonly pairs: number;
  /** The chance of deciding with them if the assumed effect is the true one. */
  readonly power: number;
}

/** The fewest pairs with which the sign-flip test can reach p <= alpha: 2 · 2^-n, one-sided 2^-n. */
export function fewestPairs(alpha: number, sides: 1 | 2): number {
  return Math.max(2, Math.ceil(Math.log2(sides / alpha) - 1e-9));
}

/**
 * The pairs needed to show a difference by the two-sided paired t test at `alpha` with the wanted
 * power, and at least {@link fewestPairs}.
 *
 * Taking the observed mean and SD for the true ones makes this a rough guide: an effect that looked
 * large by luck asks for too few.
 */
export function pairsToShowDifference(
  mean: number,
  sd: number,
  alpha: number,
  power = customaryPower,
): Computed<SampleSize> {
  if (!(sd > 0)) return notComputable('the spread of the differences is unknown');
  if (mean === 0) return notComputable('the mean difference is 0');
  return smallest(fewestPairs(alpha, 2), power, (n) => pairedTPower(mean / sd, n, alpha));
}

/** As {@link pairsToShowDifference}, to show by TOST that the mean difference is within ±margin. */
export function pairsToShowEquivalence(
  mean: number,
  sd: number,
  margin: number,
  alpha: number,
  power = customaryPower,
): Computed<SampleSize> {
  if (!(margin > 0)) return notComputable('no equivalence margin above 0 was set');
  if (!(sd > 0)) return notComputable('the spread of the differences is unknown');
  if (Math.abs(mean) >= margin)
    return notComputable('the mean difference is not within the margin');
  return smallest(fewestPairs(alpha, 1), power, (n) =>
    equivalencePower(mean / sd, margin / sd, n, alpha),
  );
}

/** Doubles until the power is reached, then bisects: power grows with n in both tests. */
function smallest(
  fewest: number,
  wanted: number,
  powerOf: (n: number) => number,
): Computed<SampleSize> {
  let enough = fewest;
  while (powerOf(enough) < wanted) {
    if (enough >= mostPairs) return notComputable(`it would take more than ${mostPairs} pairs`);
    enough = Math.min(mostPairs, 2 * enough);
  }
  let tooFew = Math.max(fewest - 1, Math.floor(enough / 2));
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (powerOf(middle) >= wanted) enough = middle;
    else tooFew = middle;
  }
  return computed({ pairs: enough, power: powerOf(enough) });
}
