import { normalCdf, tUpperQuantile } from './distributions.js';
import { exactFlips } from './exact-flips.js';
import { sum } from './moments.js';
import { randomFlips } from './random-flips.js';
import { spentAt } from './sequential-plan.js';
import type { SequentialPlan } from './sequential-plan.js';
import { summationNoise } from './sign-tests.js';
import { zRecursion } from './z-bounds.js';

/** Up to this cap all sign patterns are followed; beyond, random ones are. */
const largestExactCap = 20;

/** What keeps rounding from hiding a p that is as large as what may be spent. */
const rounding = 1e-12;

/** How one null hypothesis stands at a look. */
interface Crossing {
  /** The share of sign patterns that an earlier look would have stopped, or that are at least as extreme now. */
  readonly flipP: number;
  /** Whether the sign flips and t both cross. */
  readonly crosses: boolean;
}

/** Asked look after look. @param n pairs @returns the critical t at n pairs */
type NextTBound = (n: number) => number;

/** The critical t at each look: that of the z which spends alpha as planned (Jennison & Turnbull, 2000, chapters 3 and 7). */
export function tBounds(sides: 1 | 2, plan: SequentialPlan): NextTBound {
  const next = zRecursion(sides);
  return (n) => tUpperQuantile(normalCdf(-next(n, spentAt(n, plan))), n - 1);
}

/** The values of all pairs so far, and what was made of them. */
interface Evidence {
  /** Their mean is 0, or, one-sided, at most 0, under the null hypothesis. */
  readonly values: readonly number[];
  /** Null where all values are equal. */
  readonly t: number | null;
  readonly tCritical: number;
  /** The possible error of each value. */
  readonly noise: number;
}

/**
 * Follows one null hypothesis look by look: a mean of 0 (two-sided), or one of 0 or less. Sign patterns are struck out as looks
 * would have stopped them (permutations in group-sequential designs: Xu et al., arXiv:2404.12483, 2024).
 */
export function boundaryTest(sides: 1 | 2, plan: SequentialPlan): (now: Evidence) => Crossing {
  const flips = plan.cap <= largestExactCap ? exactFlips(sides) : randomFlips(sides);
  let added = 0;
  return ({ values, t, tCritical, noise }) => {
    const magnitudes = values.map(Math.abs);
    for (; added < values.length; added++) flips.add(magnitudes[added]!);
    const size = sides === 2 ? Math.abs : (value: number) => value;
    const tau = summationNoise * sum(magnitudes) + values.length * noise;
    const flipP = flips.share(size(sum(values)) - tau);
    const spent = spentAt(values.length, plan);
    const flipsCross = flipP <= spent + rounding;
    const tCrosses = t === null || size(t) >= tCritical;
    flips.strike(spent, tau, flipsCross && !tCrosses);
    return { flipP, crosses: flipsCross && tCrosses };
  };
}
