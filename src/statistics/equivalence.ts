import { type Computed, type Interval, computed, notComputable } from './computable.js';
import { tUpperTail } from './distributions.js';
import { pairedT } from './paired-t.js';

export interface Equivalence {
  readonly margin: number;
  /** p against "the mean difference is -margin or less". */
  readonly pAboveLower: number;
  /** p against "the mean difference is margin or more". */
  readonly pBelowUpper: number;
  /** The larger of the two. */
  readonly p: number;
  /** At confidence 1 - 2 alpha: inside ±margin exactly when p <= alpha. */
  readonly interval: Interval;
}

/**
 * Two one-sided t tests (Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15, 1987): is
 * the mean difference within ±margin? p <= alpha shows that it is; a large p shows nothing.
 *
 * Assumptions as for the paired t test.
 *
 * @param differences challenger - baseline, one a pair
 * @param margin the largest difference that does not matter, in the metric's unit, above 0, chosen
 *   before looking
 * @param alpha of the test
 */
export function equivalenceTest(
  differences: readonly number[],
  margin: number,
  alpha: number,
): Computed<Equivalence> {
  if (!(margin > 0)) return notComputable('no equivalence margin above 0 was set');
  const test = pairedT(differences, 1 - 2 * alpha);
  if (!test.computable) return test;
  const pAboveLower = tUpperTail((test.mean + margin) / test.standardError, test.df);
  const pBelowUpper = tUpperTail((margin - test.mean) / test.standardError, test.df);
  return computed({
    margin,
    pAboveLower,
    pBelowUpper,
    p: Math.max(pAboveLower, pBelowUpper),
    interval: test.interval,
  });
}
