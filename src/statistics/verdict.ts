import { count } from './computable.js';
import type { Pairs } from './pairs.js';
import { fewestPairs } from './sample-size.js';

export const decisions = ['better', 'worse', 'equivalent', 'inconclusive'] as const;
export type Decision = (typeof decisions)[number];

/** Which way the metric is good. */
export type Direction = 'higher' | 'lower';

export interface VerdictInput {
  readonly pairs: Pairs;
  readonly direction: Direction;
  readonly alpha: number;
  readonly margin: number;
  /** See `differenceP`; Holm-adjusted when there are several comparisons. */
  readonly pDifference: number | null;
  /** See `equivalenceP`; Holm-adjusted likewise. */
  readonly pEquivalence: number | null;
  /** Mean of challenger - baseline; `null` without pairs. */
  readonly mean: number | null;
  /** How many comparisons the p values were adjusted for; 1: none. */
  readonly comparisons: number;
}

export interface Verdict {
  readonly decision: Decision;
  /** Why it is inconclusive, one clause; `null` otherwise. */
  readonly because: string | null;
  readonly pDifference: number | null;
  readonly pEquivalence: number | null;
  readonly comparisons: number;
  /** Planned pairs are missing: looking before the plan is complete is not covered by alpha. */
  readonly provisional: boolean;
}

/**
 * The pre-registered rule, in this order:
 *
 * 1. `equivalent` if `pEquivalence <= alpha`: the difference, if there is one, is within the margin
 *    that was declared not to matter.
 * 2. `better` or `worse`, by the sign of the mean, if `pDifference <= alpha`.
 * 3. `inconclusive`.
 *
 * A failure counts against who failed: a challenger with missing values where the baseline has them
 * is never `better` or `equivalent`, a baseline never makes the challenger `worse` or `equivalent`.
 *
 * A variant against itself is called better with probability alpha / 2 at most, worse likewise,
 * whatever the distribution of its values; equivalent wrongly with probability alpha at most.
 */
export function decide(input: VerdictInput): Verdict {
  const { pairs, pDifference, pEquivalence, comparisons } = input;
  const { decision, because } = weigh(input);
  const provisional = pairs.completed < pairs.planned;
  return { decision, because, pDifference, pEquivalence, comparisons, provisional };
}

function weigh(input: VerdictInput): { decision: Decision; because: string | null } {
  const { pairs, direction, alpha, pDifference, pEquivalence, mean } = input;
  const claim = claimOf();
  if (claim === null) return { decision: 'inconclusive', because: reasonFor(input) };
  const blocking = claim === 'better' ? ['challenger'] : ['baseline'];
  const sides = claim === 'equivalent' ? ['challenger', 'baseline'] : blocking;
  const failures = pairs.missing.filter(({ missing }) => sides.includes(missing));
  if (failures.length === 0) return { decision: claim, because: null };
  return {
    decision: 'inconclusive',
    because: `${count(failures.length, 'failed pair')} would have to be explained before "${claim}"`,
  };

  function claimOf(): Exclude<Decision, 'inconclusive'> | null {
    if (pEquivalence !== null && pEquivalence <= alpha) return 'equivalent';
    if (pDifference === null || pDifference > alpha || mean === null || mean === 0) return null;
    return mean > 0 === (direction === 'higher') ? 'better' : 'worse';
  }
}

function reasonFor({ pairs, alpha, margin, comparisons }: VerdictInput): string {
  const fewest = fewestPairs(alpha / comparisons, margin > 0 ? 1 : 2);
  const level = `alpha ${alpha}${comparisons > 1 ? ` over ${comparisons} comparisons` : ''}`;
  if (pairs.completed < fewest) {
    const have = count(pairs.completed, 'pair');
    return `${have} cannot decide at ${level}, which takes at least ${fewest}`;
  }
  if (pairs.differences.every((d) => d === 0)) {
    return 'the two variants gave the same value in every pair, and no margin says how close is equivalent';
  }
  const equivalence = margin > 0 ? ' nor the chance of one larger than the margin' : '';
  return `chance alone is not ruled out as the reason of the difference${equivalence}`;
}
