import { count, formatCount } from '../text/numbers.js';
import { tBounds } from './boundary-test.js';
import { comparePairs } from './compare-pairs.js';
import type { ComparisonInput, PairedComparison } from './compare-pairs.js';
import { notComputable } from './computable.js';
import type { Interval } from './computable.js';
import { firstLook, plannedLooks } from './sequential-plan.js';
import { decisionOf, firstSeeds } from './sequential-path.js';
import type { SequentialPath, SequentialReport, SequentialRules } from './sequential-path.js';
import { blockedText, blockingFailures, sameValues } from './verdict.js';
import type { Verdict } from './verdict.js';
import { verdictSentence } from './verdict-sentence.js';

/** A path, and what is fixed of it. */
export interface SequentialEvidence {
  readonly rules: SequentialRules;
  /** In the run, which share its alpha. */
  readonly comparisons: number;
  readonly path: SequentialPath;
  /** How many seeds, of the first ones, have settled. */
  readonly settled: number;
}

/**
 * The comparison of a sequential run: all its statistics are of the pairs up to the stop, and the verdict is the sequential one with
 * its own interval. The p values of the tests are those of a fixed number of pairs and decide nothing here.
 */
export function concludeSequential(
  input: ComparisonInput,
  evidence: SequentialEvidence,
): PairedComparison {
  const { rules, comparisons, path, settled } = evidence;
  const used = path.stop?.seeds ?? settled;
  const interim = path.stop === undefined && settled < rules.cap;
  const fixed = comparePairs({
    ...input,
    ...firstSeeds(input, used),
    ...(interim && { plannedPairs: rules.cap }),
  });
  const { pairs, labels } = fixed;
  const last = path.looks.at(-1);
  const verdict: Verdict = {
    decision: path.stop?.decision ?? 'inconclusive',
    because: path.stop === undefined ? whyUndecided(evidence, fixed, interim) : null,
    pDifference: null,
    pEquivalence: null,
    comparisons,
    provisional: interim,
  };
  const within = last?.test === undefined ? last?.interval : last.test.margin?.interval;
  const sequential: SequentialReport = {
    method: rules.method,
    cap: rules.cap,
    every: rules.every,
    alpha: rules.alpha,
    comparisons,
    looks: path.looks,
    boundary: boundaryOf(rules),
    stoppedAt: path.stop === undefined ? null : pairs.completed,
    interim,
    unused: settled - used,
    interval: withLevel(last?.interval, 1 - rules.alpha),
  };
  const sentence = verdictSentence({
    ...{ verdict, labels, pairs },
    ...{ metric: input.metric, direction: input.direction, margin: input.margin },
    mean: fixed.difference.computable ? fixed.difference.mean : null,
    interval: sequential.interval,
    equivalenceInterval: withLevel(within, 1 - (last?.test === undefined ? 1 : 2) * rules.alpha),
    signFlip: notComputable('a plan with looks has none'),
    more: null,
    exploratory: input.exploratory ?? false,
    sequential: { interim, clauses: clausesOf(sequential, input.alpha) },
  });
  return {
    ...fixed,
    pairsToDecide: { ...fixed.pairsToDecide, more: null },
    verdict: { ...verdict, sentence },
    sequential,
  };
}

function boundaryOf(rules: SequentialRules): SequentialReport['boundary'] {
  if (rules.method === 'evidence') return [];
  const next = tBounds(2, rules);
  return plannedLooks(rules).map((n) => ({ n, tCritical: next(n) }));
}

function withLevel(
  ends: { readonly low: number; readonly high: number } | null | undefined,
  level: number,
): Interval | null {
  return ends == null ? null : { level, ...ends };
}

function whyUndecided(
  { rules, path }: SequentialEvidence,
  { pairs }: Pick<PairedComparison, 'pairs'>,
  interim: boolean,
): string {
  const claim = path.looks.at(-1)?.claim;
  if (claim != null) {
    const decision = decisionOf(claim, rules.direction);
    return blockedText(decision, blockingFailures(decision, pairs));
  }
  const have = count(pairs.completed, 'pair');
  if (interim) return `not decided after ${have}`;
  if (path.looks.length === 0) {
    const first = firstLook(rules.cap, rules.alpha) ?? rules.cap;
    return `${have} are too few: the first look takes ${first}`;
  }
  if (pairs.differences.every((difference) => difference === 0)) return sameValues;
  return `not decided in ${count(path.looks.length, 'look')}, the last at ${have}`;
}

/** What a reader must know of how the verdict came about. */
function clausesOf(sequential: SequentialReport, alpha: number): string[] {
  const { method, cap, stoppedAt, comparisons, looks } = sequential;
  const logE = looks.at(-1)?.logE;
  return [
    ...(stoppedAt === null
      ? []
      : [
          method === 'evidence'
            ? `stopped after ${count(stoppedAt, 'pair')}, without a cap`
            : `stopped at ${stoppedAt} of at most ${count(cap, 'pair')}`,
          'a mean that stopped a run is biased outward',
        ]),
    ...(logE === undefined
      ? []
      : [`E ${evidenceText(logE)} of ${formatCount(1 / sequential.alpha)}`]),
    ...(comparisons > 1 ? [`alpha ${alpha} divided among ${comparisons} comparisons`] : []),
  ];
}

/** E in three digits. @param logE its natural logarithm */
export function evidenceText(logE: number): string {
  const digits = logE / Math.LN10;
  if (digits < 5) return String(Number((10 ** digits).toPrecision(3)));
  const power = Math.floor(digits);
  return `${(10 ** (digits - power)).toFixed(1)}e${power}`;
}
