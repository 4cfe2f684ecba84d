import { type BayesianSignedRank, bayesianSignedRank } from './bayesian-signed-rank.js';
import { type Computed, type Interval, computed, notComputable } from './computable.js';
import { type Equivalence, equivalenceTest } from './equivalence.js';
import { isConstant, mean, settled, standardDeviation } from './moments.js';
import { type Outperforms, outperforms } from './outperforms.js';
import { type PairedT, pairedT } from './paired-t.js';
import { type Welch, correlation, pairingGain, welch } from './pairing.js';
import { type PairValues, type Pairs, alignPairs } from './pairs.js';
import {
  type SampleSize,
  customaryPower,
  pairsToShowDifference,
  pairsToShowEquivalence,
} from './sample-size.js';
import {
  type SignFlip,
  type SignTest,
  type Wins,
  countWins,
  signFlipTest,
  signTest,
} from './sign-tests.js';
import type { SequentialReport } from './sequential-path.js';
import { type HodgesLehmann, type Wilcoxon, hodgesLehmann, wilcoxon } from './signed-rank.js';
import {
  type Direction,
  type Levels,
  type Verdict,
  decide,
  differenceP,
  equivalenceP,
} from './verdict.js';
import { verdictSentence } from './verdict-sentence.js';

/** `seeds` are all that were planned, run or not. */
export interface ComparisonInput extends PairValues {
  /** The metric of the verdict, for instance `test.accuracy`. */
  readonly metric: string;
  readonly direction: Direction;
  /** Chance of a wrong claim that is accepted, in (0, 0.5). */
  readonly alpha: number;
  /** The largest difference that does not matter, in the metric's unit; 0: none was set. */
  readonly margin: number;
  readonly labels: { readonly baseline: string; readonly challenger: string };
  /** True when this metric is not the one fixed before the run. Default false. */
  readonly exploratory?: boolean | undefined;
  /**
   * Why there can be no claim, as a clause: how many pairs there are has depended on their values. In a
   * family it counts as a comparison with p = 1.
   */
  readonly withheld?: string | undefined;
}

export interface Summary {
  readonly mean: number;
  /** Divisor n - 1; `null` with a single value. */
  readonly sd: number | null;
}

/** The statistics of the completed pairs, without a verdict. Plain data; every part may be "not computable". */
export interface PairedStatistics extends Wins {
  readonly pairs: Pairs;
  readonly baseline: Computed<Summary>;
  readonly challenger: Computed<Summary>;
  /** challenger - baseline */
  readonly difference: Computed<Summary>;
  readonly pairedT: Computed<PairedT>;
  readonly correlation: Computed<{ readonly r: number }>;
  readonly signFlip: Computed<SignFlip>;
  readonly wilcoxon: Computed<Wilcoxon>;
  readonly hodgesLehmann: Computed<HodgesLehmann>;
  readonly signTest: SignTest;
  readonly outperforms: Computed<Outperforms>;
  readonly equivalence: Computed<Equivalence>;
  readonly bayesianSignedRank: Computed<BayesianSignedRank>;
  readonly welch: Computed<Welch>;
  readonly pairingGain: Computed<{ readonly factor: number; readonly unpairedSeeds: number }>;
  /** Not adjusted; see `differenceP` and `equivalenceP`. */
  readonly pDifference: number | null;
  readonly pEquivalence: number | null;
}

/** How many pairs it would take, with 80% power, if the observed mean and SD were the true ones. */
export interface PairsToDecide {
  readonly power: number;
  readonly toShowDifference: Computed<SampleSize>;
  readonly toShowEquivalence: Computed<SampleSize>;
  /** The smaller of the two beyond the completed ones; `null` when neither is known. */
  readonly more: number | null;
}

export interface PairedComparison extends PairedStatistics {
  readonly metric: string;
  readonly direction: Direction;
  readonly alpha: number;
  readonly margin: number;
  readonly labels: { readonly baseline: string; readonly challenger: string };
  readonly exploratory: boolean;
  readonly pairsToDecide: PairsToDecide;
  readonly verdict: Verdict & { readonly sentence: string };
  /** Only of a run that was decided in sequence. */
  readonly sequential?: SequentialReport | undefined;
}

/** Everything reported about one challenger against the baseline; the unit is the pair of one seed. */
export function comparePairs(input: ComparisonInput): PairedComparison {
  const statistics = pairedStatistics(input);
  return concludePairs(input, statistics, {
    pDifference: statistics.pDifference,
    pEquivalence: statistics.pEquivalence,
    comparisons: 1,
    levels: { difference: input.alpha, equivalence: input.alpha },
  });
}

/** The statistics of one comparison; `concludePairs` adds the verdict. */
export function pairedStatistics(input: ComparisonInput): PairedStatistics {
  const { alpha, margin, direction, withheld } = input;
  const level = 1 - alpha;
  const pairs = alignPairs(input);
  const { differences, noise } = pairs;
  const baseline = settled(pairs.baseline, noise);
  const challenger = settled(pairs.challenger, noise);
  const wins = countWins(differences, direction);
  return {
    pairs,
    baseline: summary(baseline),
    challenger: summary(challenger),
    difference: summary(differences, noise),
    pairedT: pairedT(differences, level),
    correlation: correlation(baseline, challenger),
    signFlip: signFlipTest(differences, { noise }),
    wilcoxon: wilcoxon(differences),
    hodgesLehmann: hodgesLehmann(differences, level),
    signTest: signTest(differences),
    ...wins,
    outperforms: outperforms(wins, level),
    equivalence: equivalenceTest(differences, margin, alpha),
    bayesianSignedRank: bayesianSignedRank(differences, { rope: margin, direction, noise }),
    welch: welch(baseline, challenger, level),
    pairingGain: pairingGain(baseline, challenger, differences),
    pDifference: withheld === undefined ? differenceP(pairs) : null,
    pEquivalence: withheld === undefined ? equivalenceP(pairs, margin) : null,
  };
}

/** Adds the verdict by p values that may be adjusted for `comparisons` comparisons. */
export function concludePairs(
  input: ComparisonInput,
  statistics: PairedStatistics,
  evidence: Pick<Verdict, 'pDifference' | 'pEquivalence' | 'comparisons'> & {
    readonly levels: Levels;
  },
): PairedComparison {
  const { metric, direction, alpha, margin, labels, exploratory = false, withheld } = input;
  const { pairs, difference, signFlip } = statistics;
  const average = difference.computable ? difference.mean : null;
  const verdict = decide({ pairs, direction, alpha, margin, mean: average, withheld, ...evidence });
  const toDecide = pairsToDecide(statistics, margin, evidence.levels);
  const more = withheld === undefined ? toDecide.more : null;
  const sentence = verdictSentence({
    verdict,
    metric,
    direction,
    margin,
    labels,
    pairs,
    mean: average,
    interval: intervalOf(statistics.pairedT),
    equivalenceInterval: intervalOf(statistics.equivalence),
    signFlip,
    more,
    exploratory,
  });
  return {
    ...statistics,
    metric,
    direction,
    alpha,
    margin,
    labels,
    exploratory,
    pairsToDecide: { ...toDecide, more },
    verdict: { ...verdict, sentence },
  };
}

/** @param noise a mean no further from 0 is 0: what differences that cancel leave */
function summary(values: readonly number[], noise = 0): Computed<Summary> {
  if (values.length === 0) return notComputable('there are no pairs');
  if (isConstant(values)) return computed({ mean: values[0]!, sd: values.length > 1 ? 0 : null });
  const average = mean(values);
  return computed({
    mean: Math.abs(average) <= noise ? 0 : average,
    sd: standardDeviation(values),
  });
}

function pairsToDecide(
  { difference, pairs }: PairedStatistics,
  margin: number,
  levels: Levels,
): PairsToDecide {
  const { mean: average, sd } = difference.computable ? difference : { mean: 0, sd: null };
  const toShowDifference = pairsToShowDifference(average, sd ?? 0, levels.difference);
  const toShowEquivalence = pairsToShowEquivalence(average, sd ?? 0, margin, levels.equivalence);
  const totals = [toShowDifference, toShowEquivalence].flatMap((size) =>
    size.computable ? [size.pairs] : [],
  );
  return {
    power: customaryPower,
    toShowDifference,
    toShowEquivalence,
    more: totals.length === 0 ? null : Math.max(0, Math.min(...totals) - pairs.completed),
  };
}

function intervalOf(result: Computed<{ readonly interval: Interval }>): Interval | null {
  return result.computable ? result.interval : null;
}
