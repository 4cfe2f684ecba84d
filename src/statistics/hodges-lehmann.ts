import {
  type Computed,
  type Interval,
  type NotComputable,
  computed,
  count,
  notComputable,
} from './computable.js';
import { normalUpperQuantile } from './distributions.js';
import { powerOfTwoScale } from './moments.js';
import { largestExactSignedRank, signedRankProbabilities } from './signed-rank-distribution.js';

export interface HodgesLehmann {
  /** The pseudo-median of the differences, in the metric's unit. */
  readonly estimate: number;
  /** `level` is what was asked for; the interval's own confidence is `attained` or, beyond 300 pairs, about that. */
  readonly interval: Computed<Interval & { readonly attained: number }>;
}

/**
 * The Hodges-Lehmann estimate: the median of the means of all pairs of differences, each with itself
 * too (Hodges & Lehmann, Annals of Mathematical Statistics 34, 1963), with the confidence interval
 * that inverts Wilcoxon's signed-rank test (Hollander, Wolfe & Chicken, Nonparametric Statistical
 * Methods, 3rd ed., 2014, §3.3).
 *
 * Assumes independent pairs with symmetric differences; one wild seed moves it little. The interval
 * is conservative: its exact confidence, `attained`, is the smallest attainable one at or above
 * `level`. Few pairs have none: 95% needs 6.
 *
 * @param differences challenger - baseline, one a pair
 * @param level confidence asked for, 1 - alpha
 */
export function hodgesLehmann(
  differences: readonly number[],
  level: number,
): Computed<HodgesLehmann> {
  const n = differences.length;
  if (n === 0) return notComputable('there are no pairs');
  const scale = powerOfTwoScale(differences);
  const averages = walshAverages(differences.map((d) => d / scale));
  const last = averages.length - 1;
  const middle = (averages[Math.floor(last / 2)]! + averages[Math.ceil(last / 2)]!) / 2;
  const cut = lowerCut(n, (1 - level) / 2);
  return computed({
    estimate: middle * scale,
    interval:
      'because' in cut
        ? cut
        : computed({
            level,
            attained: cut.attained,
            low: averages[cut.index]! * scale,
            high: averages[last - cut.index]! * scale,
          }),
  });
}

/** (d_i + d_j) / 2 for all i <= j, ascending. */
function walshAverages(differences: readonly number[]): Float64Array {
  const n = differences.length;
  const averages = new Float64Array((n * (n + 1)) / 2);
  let k = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) averages[k++] = (differences[i]! + differences[j]!) / 2;
  }
  return averages.sort();
}

/** How many of the smallest averages the interval leaves out, with at most `tail` probability. */
function lowerCut(
  n: number,
  tail: number,
): { readonly index: number; readonly attained: number } | NotComputable {
  if (n > largestExactSignedRank) {
    const spread = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
    const index = Math.floor((n * (n + 1)) / 4 - normalUpperQuantile(tail) * spread);
    return { index: Math.max(0, index - 1), attained: 1 - 2 * tail };
  }
  const probabilities = signedRankProbabilities(Array.from({ length: n }, (_, i) => 2 * (i + 1)));
  let below = 0;
  let values = 0;
  while (below + probabilities[2 * values]! <= tail) below += probabilities[2 * values++]!;
  if (values === 0) {
    const widest = 100 * (1 - 2 ** (1 - n));
    return notComputable(
      `${count(n, 'pair')} can give at most ${widest.toPrecision(4)}% confidence without assuming normality`,
    );
  }
  return { index: values - 1, attained: 1 - 2 * below };
}
