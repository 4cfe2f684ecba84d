import { boundaryTest, tBounds } from './boundary-test.js';
import { isConstant, mean } from './moments.js';
import { pairedT } from './paired-t.js';
import { spentAt } from './sequential-plan.js';
import type { SequentialPlan } from './sequential-plan.js';

/** What a look can claim of the mean difference: that it is above or below 0, or within the margin. */
export type Claim = 'higher' | 'lower' | 'equivalent';

interface Ends {
  readonly low: number;
  readonly high: number;
}

/** The one-sided tests that the mean difference is above -margin, and below margin. */
export interface MarginLook {
  readonly tCritical: number;
  readonly flipPAboveLower: number;
  readonly flipPBelowUpper: number;
  /** Shown at this look or at one before. */
  readonly aboveLower: boolean;
  readonly belowUpper: boolean;
  /** Of the mean; null where all differences are equal. */
  readonly interval: Ends | null;
}

export interface SequentialLook {
  /** Pairs so far. */
  readonly n: number;
  /** Of alpha, up to this look. */
  readonly spent: number;
  readonly mean: number;
  /** Null where all differences are equal. */
  readonly t: number | null;
  readonly tCritical: number;
  readonly flipP: number;
  /** Of the mean, one that holds at all looks together; null where all differences are equal. */
  readonly interval: Ends | null;
  /** Absent without a margin. */
  readonly margin?: MarginLook | undefined;
  /** What the looks up to this one show. */
  readonly claim: Claim | null;
}

/** Asked at every look, with all differences so far. @param noise how far apart two equal differences may be */
export type LookAt = (differences: readonly number[], noise?: number) => SequentialLook;

/**
 * The group-sequential paired test: sign flips and t together, with alpha spent in proportion to the pairs (Lan & DeMets,
 * Biometrika 70, 1983; Jennison & Turnbull, Group Sequential Methods, 2000). A difference is shown where both cross their bounds at
 * the same look, or the sign flips alone where all differences are equal and t has no value. `equivalent` comes first: it takes
 * both one-sided tests against the margin, which once they have crossed stay crossed. Whatever the number of looks, a variant
 * against itself is called higher or lower with a probability of alpha at most.
 * @param nextBound the critical t at each look, where it is known already
 */
export function sequentialTest(plan: SequentialPlan, nextBound = tBounds(2, plan)): LookAt {
  const testDifference = boundaryTest(2, plan);
  const testMargin = plan.margin > 0 ? marginTest(plan) : undefined;
  return (differences, noise = 0) => {
    const n = differences.length;
    const tCritical = nextBound(n);
    const moments = momentsOf(differences, noise);
    const { mean: average, standardError } = moments;
    const t = standardError === null ? null : average / standardError;
    const { flipP, crosses } = testDifference({ values: differences, t, tCritical, noise });
    const margin = testMargin?.(differences, moments, noise);
    const isWithin = margin !== undefined && margin.aboveLower && margin.belowUpper;
    const direction = average > 0 ? 'higher' : 'lower';
    const differs = crosses && average !== 0;
    return {
      n,
      spent: spentAt(n, plan),
      mean: average,
      t,
      tCritical,
      flipP,
      interval: endsAround(moments, tCritical),
      ...(margin && { margin }),
      claim: isWithin ? 'equivalent' : differs ? direction : null,
    };
  };
}

interface Moments {
  readonly mean: number;
  /** Null where all differences are equal. */
  readonly standardError: number | null;
}

function momentsOf(differences: readonly number[], noise: number): Moments {
  if (isConstant(differences)) return { mean: differences[0]!, standardError: null };
  const t = pairedT(differences, 0.95);
  const average = mean(differences);
  return {
    mean: Math.abs(average) <= noise ? 0 : average,
    standardError: t.computable ? t.standardError : null,
  };
}

function endsAround({ mean: average, standardError }: Moments, tCritical: number): Ends | null {
  if (standardError === null) return null;
  const half = tCritical * standardError;
  return { low: average - half, high: average + half };
}

/** The one-sided tests of a plan that has a margin. */
function marginTest(plan: SequentialPlan) {
  const nextBound = tBounds(1, plan);
  const tests = { aboveLower: boundaryTest(1, plan), belowUpper: boundaryTest(1, plan) };
  const shown = { aboveLower: false, belowUpper: false };
  return (differences: readonly number[], moments: Moments, noise: number): MarginLook => {
    const tCritical = nextBound(differences.length);
    const { mean: average, standardError } = moments;
    // Where t has no value, the differences themselves must lie within the margin.
    const canShow = standardError !== null || plan.margin - Math.abs(average) > noise;
    const look = (side: keyof typeof tests, sign: 1 | -1) => {
      const t = standardError === null ? null : (plan.margin + sign * average) / standardError;
      const values = differences.map((d) => plan.margin + sign * d);
      const { flipP, crosses } = tests[side]({ values, t, tCritical, noise });
      shown[side] ||= crosses && canShow;
      return flipP;
    };
    const flipPAboveLower = look('aboveLower', 1);
    const flipPBelowUpper = look('belowUpper', -1);
    const interval = endsAround(moments, tCritical);
    return { tCritical, flipPAboveLower, flipPBelowUpper, ...shown, interval };
  };
}
