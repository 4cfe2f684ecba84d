import { LockstepError } from '../protocol/index.js';
import {
  type ComparisonInput,
  type PairedComparison,
  concludePairs,
  pairedStatistics,
} from './compare-pairs.js';

/**
 * Several comparisons judged together: all challengers against the baseline, or all points of a
 * sweep, or both. Each p that a verdict rests on is adjusted by Holm's method over the family, once
 * for differences and once for equivalences, so that over all of them the chance of a false "better"
 * or "worse" is alpha at most, and so is that of a false "equivalent". Intervals stay unadjusted.
 *
 * A comparison that could not be made (no pairs) still counts in the family.
 *
 * @param inputs the whole family as planned, all with the same alpha
 * @returns in the order given
 */
export function compareFamily(inputs: readonly ComparisonInput[]): PairedComparison[] {
  for (const input of inputs) {
    if (input.alpha !== inputs[0]!.alpha) {
      throw new LockstepError(
        'bug',
        `comparisons: expected one alpha for the family, got ${inputs[0]!.alpha} and ${input.alpha}`,
        { hint: 'Compare families with different alphas separately.' },
      );
    }
  }
  const statistics = inputs.map(pairedStatistics);
  const differences = holm(statistics.map(({ pDifference }) => pDifference));
  const equivalences = holm(statistics.map(({ pEquivalence }) => pEquivalence));
  const alpha = inputs[0]?.alpha ?? 0;
  const levels = {
    difference: alpha / open(differences, alpha),
    equivalence: alpha / open(equivalences, alpha),
  };
  return inputs.map((input, i) =>
    concludePairs(input, statistics[i]!, {
      pDifference: differences[i]!,
      pEquivalence: equivalences[i]!,
      comparisons: inputs.length,
      levels,
    }),
  );
}

/**
 * How many comparisons are not rejected, at least 1. Holm rejects another one as soon as its unadjusted p is
 * alpha over this or less.
 */
function open(adjusted: readonly (number | null)[], alpha: number): number {
  return Math.max(1, adjusted.filter((p) => p === null || p > alpha).length);
}

/**
 * Holm's step-down adjusted p values (Holm, Scandinavian Journal of Statistics 6, 1979), in the
 * order given: comparing each with alpha keeps the chance of any false claim in the family at
 * alpha at most, however the comparisons depend on each other.
 *
 * `null` is a comparison that was planned but has no p: it counts in the family as p = 1, so that a
 * failure never makes the others easier, and stays `null`.
 */
export function holm(ps: readonly (number | null)[]): (number | null)[] {
  const order = ps
    .map((p, index) => ({ p: p ?? 1, index }))
    .sort((a, b) => a.p - b.p || a.index - b.index);
  const adjusted: (number | null)[] = ps.map(() => null);
  let floor = 0;
  order.forEach(({ p, index }, rank) => {
    floor = Math.max(floor, Math.min(1, (ps.length - rank) * p));
    if (ps[index] !== null) adjusted[index] = floor;
  });
  return adjusted;
}
