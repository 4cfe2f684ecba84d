import type { Interval } from './computable.js';
import { type Computed, computed, notComputable } from './computable.js';
import { betaLowerQuantile, betaUpperQuantile } from './distributions.js';
import type { Wins } from './sign-tests.js';

/** The probability of winning from which a difference is called meaningful (Bouthillier et al. 2021). */
export const meaningfulProbability = 0.75;

export const outperformances = ['meaningful', 'small', 'undecided', 'inferior'] as const;
/**
 * What the interval says: the challenger wins more often than it loses, and perhaps often enough
 * (`meaningful`); more often, but certainly not often enough (`small`); perhaps not more often
 * (`undecided`); less often (`inferior`).
 */
export type Outperformance = (typeof outperformances)[number];

/** The probability that the challenger's value is the better one with a new seed. */
export interface Outperforms {
  /** Share of the pairs that it won; a tie counts half. */
  readonly p: number;
  /** Clopper and Pearson's: covers the probability at least as often as its level says. */
  readonly interval: Interval;
  readonly threshold: number;
  readonly says: Outperformance;
}

/**
 * The probability of outperforming P(B > A) (Bouthillier et al., Accounting for variance in machine learning
 * benchmarks, MLSys 2021, section 4 and appendix C) with the exact interval of Clopper and Pearson, Biometrika
 * 26, 1934. Ties widen the interval: its lower end counts them as losses, its upper end as wins.
 *
 * The difference is significant if the interval lies above 1/2, and also meaningful if its upper end is
 * above the threshold. Assumes independent pairs and nothing about the sizes of the differences.
 *
 * @param level confidence of the interval
 */
export function outperforms({ wins, ties, losses }: Wins, level: number): Computed<Outperforms> {
  const n = wins + ties + losses;
  if (n === 0) return notComputable('there are no pairs');
  const tail = (1 - level) / 2;
  const low = wins === 0 ? 0 : betaLowerQuantile(tail, wins, n - wins + 1);
  const high = losses === 0 ? 1 : betaUpperQuantile(tail, wins + ties + 1, losses);
  return computed({
    p: (wins + ties / 2) / n,
    interval: { level, low, high },
    threshold: meaningfulProbability,
    says: conclusion(low, high),
  });
}

function conclusion(low: number, high: number): Outperformance {
  if (high < 0.5) return 'inferior';
  if (low <= 0.5) return 'undecided';
  return high > meaningfulProbability ? 'meaningful' : 'small';
}
