import { fairCoinTwoSided } from './distributions.js';
import { assertSameLength } from './moments.js';

export interface McNemar {
  readonly examples: number;
  readonly bothRight: number;
  /** Examples only the baseline got right. */
  readonly onlyBaselineRight: number;
  /** Examples only the challenger got right. */
  readonly onlyChallengerRight: number;
  readonly bothWrong: number;
  /** Two-sided exact (binomial) p; 1 when the variants never disagree. */
  readonly p: number;
}

/**
 * The exact McNemar test of one seed's two trained networks on the same examples (McNemar,
 * Psychometrika 12, 1947; exact form: Dietterich, Neural Computation 10, 1998).
 *
 * Assumes independent examples. It says whether these two networks differ on examples like these,
 * not whether the variants differ over seeds: never pool the examples of several seeds into one
 * table, because their errors are correlated.
 *
 * @param baselineRight one entry an example, truthy where the baseline's prediction is right
 * @param challengerRight the same examples in the same order
 */
export function mcnemar(
  baselineRight: ArrayLike<number | boolean>,
  challengerRight: ArrayLike<number | boolean>,
): McNemar {
  assertSameLength('McNemar test', baselineRight, challengerRight);
  let bothRight = 0;
  let onlyBaselineRight = 0;
  let onlyChallengerRight = 0;
  const examples = baselineRight.length;
  for (let i = 0; i < examples; i++) {
    if (baselineRight[i]) {
      if (challengerRight[i]) bothRight++;
      else onlyBaselineRight++;
    } else if (challengerRight[i]) onlyChallengerRight++;
  }
  const disagreements = onlyBaselineRight + onlyChallengerRight;
  return {
    examples,
    bothRight,
    onlyBaselineRight,
    onlyChallengerRight,
    bothWrong: examples - bothRight - disagreements,
    p: fairCoinTwoSided(onlyBaselineRight, disagreements),
  };
}
