import { count } from '../text/numbers.js';
import { equivalenceTest } from './equivalence.js';
import { isConstant } from './moments.js';
import { pairedT } from './paired-t.js';
import type { MissingPair, Pairs } from './pairs.js';
import { fewestPairs } from './sample-size.js';
import { signFlipTest } from './sign-tests.js';

export const decisions = ['better', 'worse', 'equivalent', 'inconclusive'] as const;
export type Decision = (typeof decisions)[number];

/** Which way the metric is good. */
export type Direction = 'higher' | 'lower';

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
  const within = margin - Math.abs(differences[0]!) > noise;
  return isConstant(differences) && within ? flipP : 1;
}

/** The reason given if all differences are 0. */
export const sameValues = 'the two variants gave the same value in every pair';

export interface VerdictInput {
  readonly pairs: Pairs;
  readonly direction: Direction;
  readonly alpha: number;
  readonly margin: number;
  /** See `differenceP`; Holm-adjusted when there are several comparisons. */
  readonly pDifference: number | null;
  /** See `equivalenceP`; also Holm-adjusted. */
  readonly pEquivalence: number | null;
  /** Mean of challenger - baseline; `null` without pairs. */
  readonly mean: number | null;
  /** How many comparisons the p values were adjusted for; 1: none. */
  readonly comparisons: number;
  /** The largest unadjusted p that decides, given the rest of the family; alpha if there is no family. */
  readonly levels: Levels;
  /** Why there can be no claim, as a clause. */
  readonly withheld?: string | undefined;
}

/** How small an unadjusted p has to be, for each kind of claim. */
export interface Levels {
  readonly difference: number;
  readonly equivalence: number;
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
 * A failure counts against the side that failed: a challenger with missing values where the baseline has them
 * is never `better` or `equivalent`, a baseline never makes the challenger `worse` or `equivalent`.
 *
 * For a variant against itself, `better` and `worse` each have a probability of alpha / 2 at most, whatever
 * the distribution of its values; a wrong `equivalent` has one of alpha at most.
 */
export function decide(input: VerdictInput): Verdict {
  const { pairs, pDifference, pEquivalence, comparisons, withheld } = input;
  const { decision, because } = weigh(input);
  const provisional = withheld === undefined && pairs.completed < pairs.planned;
  return { decision, because, pDifference, pEquivalence, comparisons, provisional };
}

/** The pairs in which a side failed that a claim would favour: they would have to be explained before it. */
export function blockingFailures(
  claim: Exclude<Decision, 'inconclusive'>,
  { missing: pairs }: Pairs,
): readonly MissingPair[] {
  const favoured = {
    better: ['challenger'],
    worse: ['baseline'],
    equivalent: ['challenger', 'baseline'],
  };
  return pairs.filter(({ missing }) => favoured[claim].includes(missing));
}

/** Why a claim is not made although the tests would allow it. */
export function blockedText(claim: Decision, failures: readonly MissingPair[]): string {
  return `${count(failures.length, 'failed pair')} would have to be explained before "${claim}"`;
}

function weigh(input: VerdictInput): { decision: Decision; because: string | null } {
  const { pairs, direction, alpha, pDifference, pEquivalence, mean } = input;
  const claim = claimOf();
  if (claim === null) return { decision: 'inconclusive', because: reasonFor(input) };
  const failures = blockingFailures(claim, pairs);
  if (failures.length === 0) return { decision: claim, because: null };
  return {
    decision: 'inconclusive',
    because: blockedText(claim, failures),
  };

  function claimOf(): Exclude<Decision, 'inconclusive'> | null {
    if (pEquivalence !== null && pEquivalence <= alpha) return 'equivalent';
    if (pDifference === null || pDifference > alpha || mean === null || mean === 0) return null;
    return mean > 0 === (direction === 'higher') ? 'better' : 'worse';
  }
}

function reasonFor(input: VerdictInput): string {
  const { pairs, margin, withheld } = input;
  if (withheld !== undefined) return withheld;
  if (pairs.completed < fewestFor(input, 'difference')) return tooFew(input);
  if (pairs.differences.every((d) => d === 0)) {
    return `${sameValues}, and no margin says how close is equivalent`;
  }
  const equivalence = margin > 0 ? ' nor the chance of one larger than the margin' : '';
  return `chance alone is not ruled out as the reason of the difference${equivalence}`;
}

/** Equivalence is tested one-sided and so takes a pair less. */
function fewestFor({ levels }: VerdictInput, claim: keyof Levels): number {
  return fewestPairs(levels[claim], claim === 'difference' ? 2 : 1);
}

function tooFew(input: VerdictInput): string {
  const { pairs, alpha, margin, comparisons } = input;
  const level = `alpha ${alpha}${comparisons > 1 ? ` over ${comparisons} comparisons` : ''}`;
  const have = count(pairs.completed, 'pair');
  const fewest = {
    difference: fewestFor(input, 'difference'),
    equivalence: fewestFor(input, 'equivalence'),
  };
  if (margin > 0 && pairs.completed >= fewest.equivalence) {
    return `${have} can show equivalence only at ${level}: "better" or "worse" takes at least ${fewest.difference}`;
  }
  const difference = margin > 0 ? ': "better" or "worse" takes' : ', which takes';
  const sooner = margin > 0 ? `, "equivalent" at least ${fewest.equivalence}` : '';
  return `${have} cannot decide at ${level}${difference} at least ${fewest.difference}${sooner}`;
}
