import type { Interval } from './computable.js';
import { evidenceInterval, logEvidence } from './e-process.js';
import { alignPairs } from './pairs.js';
import type { PairValues, Pairs } from './pairs.js';
import { plannedLooks } from './sequential-plan.js';
import type { SequentialPlan } from './sequential-plan.js';
import { sequentialTest } from './sequential-test.js';
import type { Claim, LookAt, SequentialLook } from './sequential-test.js';
import { mean } from './moments.js';
import { blockingFailures } from './verdict.js';
import type { Direction } from './verdict.js';

/** `groupSequential`: a plan with a cap; `evidence`: an e-process, which may go on for ever. */
export const sequentialMethods = ['groupSequential', 'evidence'] as const;

/** How one comparison is decided in sequence; fixed before the first pair. */
export interface SequentialRules extends SequentialPlan {
  readonly method: (typeof sequentialMethods)[number];
  readonly direction: Direction;
}

/** What a look found. */
export interface PathLook extends Pick<SequentialLook, 'n' | 'mean' | 'interval' | 'claim'> {
  /** Of the group-sequential test. */
  readonly test?:
    Pick<SequentialLook, 'spent' | 't' | 'tCritical' | 'flipP' | 'margin'> | undefined;
  /** Natural logarithm of the evidence E against "no difference", of the e-process. */
  readonly logE?: number | undefined;
}

/** One comparison, look by look. */
export interface SequentialPath {
  /** Up to the one that stopped it. */
  readonly looks: readonly PathLook[];
  /** Where it stopped; absent while it is undecided. */
  readonly stop?: { readonly seeds: number; readonly decision: 'better' | 'worse' | 'equivalent' };
}

/** How a comparison was decided in sequence; plain data. */
export interface SequentialReport {
  readonly method: SequentialRules['method'];
  /** The most pairs. */
  readonly cap: number;
  /** Pairs from one look to the next. */
  readonly every: number;
  /** That this comparison may spend: the run's alpha over the number of comparisons. */
  readonly alpha: number;
  readonly comparisons: number;
  /** Up to the one that stopped it. */
  readonly looks: readonly PathLook[];
  /** Critical t at all planned looks, those to come too; empty without a cap. */
  readonly boundary: readonly { readonly n: number; readonly tCritical: number }[];
  /** Pairs at the stop; null if it did not stop before its end. */
  readonly stoppedAt: number | null;
  /** Neither stopped nor at its end: the run goes on, or can be resumed. */
  readonly interim: boolean;
  /** Pairs that were run ahead and had not been needed. */
  readonly unused: number;
  /** Of the mean, at the last look, with the confidence 1 - alpha; null without a look, and where it is not bounded. */
  readonly interval: Interval | null;
}

/** Asked as seeds settle. @param values of all seeds that have settled, in the planned order */
export type FollowPath = (values: PairValues) => SequentialPath;

/**
 * Follows one comparison. It looks whenever the number of completed pairs is one at which the plan looks, once more when all seeds
 * have settled, and no more after it stopped. A claim in favour of a side that failed in some pair does not stop it.
 */
export function followPath(rules: SequentialRules): FollowPath {
  const look = rules.method === 'evidence' ? evidenceLook(rules) : testLook(rules);
  const planned = new Set(rules.method === 'evidence' ? [] : plannedLooks(rules));
  const first = Math.min(...planned);
  const isDue = (pairs: Pairs, seeds: number) =>
    rules.method === 'evidence'
      ? pairs.completed > 0
      : planned.has(pairs.completed) || (seeds === rules.cap && pairs.completed >= first);
  let path: SequentialPath = { looks: [] };
  let seen = 0;
  return (values) => {
    while (path.stop === undefined && seen < values.seeds.length) {
      seen += 1;
      const pairs = alignPairs(firstSeeds(values, seen));
      if (pairs.completed === path.looks.at(-1)?.n || !isDue(pairs, seen)) continue;
      const found = look(pairs);
      const decision = found.claim && decisionOf(found.claim, rules.direction);
      const stops = decision !== null && blockingFailures(decision, pairs).length === 0;
      const stop = stops ? { stop: { seeds: seen, decision } } : {};
      path = { looks: [...path.looks, found], ...stop };
    }
    return path;
  };
}

/** The values of the first seeds. */
export function firstSeeds(values: PairValues, seeds: number): PairValues {
  const { differences, failed } = values;
  return {
    seeds: values.seeds.slice(0, seeds),
    baseline: values.baseline.slice(0, seeds),
    challenger: values.challenger.slice(0, seeds),
    differences: differences?.slice(0, seeds),
    failed: failed?.slice(0, seeds),
  };
}

/** What a claim about the differences says of the challenger. */
export function decisionOf(claim: Claim, direction: Direction): 'better' | 'worse' | 'equivalent' {
  if (claim === 'equivalent') return claim;
  return claim === direction ? 'better' : 'worse';
}

function testLook(rules: SequentialRules): (pairs: Pairs) => PathLook {
  const look: LookAt = sequentialTest(rules);
  return ({ differences, noise }) => {
    const { n, mean: average, interval, claim, ...test } = look(differences, noise);
    return { n, mean: average, interval, claim, test };
  };
}

/** A look shows a difference where E reaches 1/alpha, and equivalence where the interval lies within the margin. */
function evidenceLook({ alpha, margin }: SequentialRules): (pairs: Pairs) => PathLook {
  return ({ differences, noise }) => {
    const average = mean(differences);
    const logE = logEvidence(differences);
    const interval = evidenceInterval(differences, alpha);
    const isWithin = interval !== null && interval.low > -margin && interval.high < margin;
    const differs = logE >= Math.log(1 / alpha) && Math.abs(average) > noise;
    const direction = average > 0 ? 'higher' : 'lower';
    const claim = isWithin ? 'equivalent' : differs ? direction : null;
    return { n: differences.length, mean: average, interval, claim, logE };
  };
}
