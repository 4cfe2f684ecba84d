import { LockstepError } from '../protocol/index.js';
import {
  type ComparisonInput,
  type PairedComparison,
  concludePairs,
  pairedStatistics,
} from './compare-pairs.js';
import { holm } from './holm.js';

/**
 * Several comparisons judged together: all challengers against the baseline, or all points of a
 * sweep, or both. Each p that a verdict rests on is adjusted by Holm's method over the family, once
 * for differences and once for equivalences, so that over all of them the chance of a false "better"
 * or "worse" is alpha at most, and that of a false "equivalent" likewise. Intervals stay unadjusted.
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
  const pDifferences = holm(statistics.map(({ pDifference }) => pDifference));
  const pEquivalences = holm(statistics.map(({ pEquivalence }) => pEquivalence));
  return inputs.map((input, i) =>
    concludePairs(input, statistics[i]!, {
      pDifference: pDifferences[i]!,
      pEquivalence: pEquivalences[i]!,
      comparisons: inputs.length,
    }),
  );
}
