import { fairCoinTwoSided } from './distributions.js';

export interface SignTest {
  /** Pairs with a positive difference. */
  readonly positive: number;
  /** Pairs with exactly the same value. */
  readonly ties: number;
  readonly negative: number;
  /** Two-sided exact p over the pairs that are not ties; 1 when all are. */
  readonly p: number;
}

/**
 * The exact sign test (Dixon & Mood, JASA 41, 1946): are positive differences as likely as negative
 * ones? Assumes independent pairs and nothing about the sizes of the differences. Ties say nothing
 * about direction and are left out of p, but counted.
 *
 * @param differences challenger - baseline, one a pair
 */
export function signTest(differences: readonly number[]): SignTest {
  const positive = differences.filter((d) => d > 0).length;
  const negative = differences.filter((d) => d < 0).length;
  return {
    positive,
    ties: differences.length - positive - negative,
    negative,
    p: fairCoinTwoSided(positive, positive + negative),
  };
}
