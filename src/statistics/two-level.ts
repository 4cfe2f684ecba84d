import { type Computed, type Interval, computed, notComputable } from './computable.js';
import { tTwoSided, tUpperQuantile } from './distributions.js';
import { assertSameLength, mean, sum } from './moments.js';

export interface TwoLevel {
  readonly seeds: number;
  readonly examples: number;
  /** Mean difference over all seeds and examples. */
  readonly mean: number;
  readonly standardError: number;
  /** Satterthwaite's, not a whole number. */
  readonly df: number;
  /** Two-sided. */
  readonly p: number;
  readonly interval: Interval;
  /** Variance components of one difference: seeds, examples, and their interaction with the rest. */
  readonly variances: {
    readonly seeds: number;
    readonly examples: number;
    readonly rest: number;
  };
}

/**
 * The interval of the mean difference when both the seeds and the test examples are samples: how far
 * the result carries to new seeds *and* new examples. The paired t interval speaks of new seeds on
 * these very examples.
 *
 * Two-way crossed random effects without replication: the variance of the mean is
 * (MS_seeds + MS_examples - MS_rest) / (S · E), at least the larger of the first two over S · E, with
 * Satterthwaite's degrees of freedom (Satterthwaite, Biometrics Bulletin 2, 1946; as for readers and
 * cases in Dorfman, Berbaum & Metz, Investigative Radiology 27, 1992).
 *
 * Assumes independent seeds, independent examples and roughly normal means of both.
 *
 * @param differences `[seeds][examples]`, challenger - baseline of one example: of correctness
 *   (-1, 0, 1) or of its loss
 */
export function twoLevelInterval(
  differences: readonly ArrayLike<number>[],
  level: number,
): Computed<TwoLevel> {
  const seeds = differences.length;
  if (seeds < 2) return notComputable(`it needs at least 2 seeds, and there are ${seeds}`);
  for (const row of differences) assertSameLength('two-level interval', differences[0]!, row);
  const examples = differences[0]!.length;
  if (examples < 2) return notComputable(`it needs at least 2 examples, and there are ${examples}`);

  const ofSeed = differences.map((row) => sum(Array.from(row)) / examples);
  const ofExample = Array.from(
    { length: examples },
    (_, e) => sum(differences.map((row) => row[e]!)) / seeds,
  );
  const overall = mean(ofSeed);
  const squares = (values: readonly number[]) => sum(values.map((v) => (v - overall) ** 2));
  const msSeeds = (examples * squares(ofSeed)) / (seeds - 1);
  const msExamples = (seeds * squares(ofExample)) / (examples - 1);
  let restSquares = 0;
  differences.forEach((row, s) => {
    for (let e = 0; e < examples; e++) {
      restSquares += (row[e]! - ofSeed[s]! - ofExample[e]! + overall) ** 2;
    }
  });
  const dfRest = (seeds - 1) * (examples - 1);
  const msRest = restSquares / dfRest;

  const { variance, df } = varianceOfMean([
    { meanSquare: msSeeds, df: seeds - 1 },
    { meanSquare: msExamples, df: examples - 1 },
    { meanSquare: msRest, df: dfRest },
  ]);
  const standardError = Math.sqrt(variance / (seeds * examples));
  if (!(standardError > 0)) return notComputable('all differences are equal');
  const halfWidth = tUpperQuantile((1 - level) / 2, df) * standardError;
  return computed({
    seeds,
    examples,
    mean: overall,
    standardError,
    df,
    p: tTwoSided(overall / standardError, df),
    interval: { level, low: overall - halfWidth, high: overall + halfWidth },
    variances: {
      seeds: Math.max(0, (msSeeds - msRest) / examples),
      examples: Math.max(0, (msExamples - msRest) / seeds),
      rest: msRest,
    },
  });
}

interface MeanSquare {
  readonly meanSquare: number;
  readonly df: number;
}

/** S · E times the variance of the mean, with its degrees of freedom. */
function varianceOfMean([seeds, examples, rest]: readonly [MeanSquare, MeanSquare, MeanSquare]): {
  variance: number;
  df: number;
} {
  const combined = seeds.meanSquare + examples.meanSquare - rest.meanSquare;
  const larger = seeds.meanSquare >= examples.meanSquare ? seeds : examples;
  // A component estimated below 0 would make the interval too narrow: take it for 0.
  if (combined <= larger.meanSquare) return { variance: larger.meanSquare, df: larger.df };
  const uncertainty = [seeds, examples, rest].map((ms) => (ms.meanSquare / combined) ** 2 / ms.df);
  return { variance: combined, df: 1 / sum(uncertainty) };
}
