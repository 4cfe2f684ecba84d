import { type Computed, computed, notComputable } from './computable.js';
import { powerOfTwoScale } from './moments.js';
import { openUniform } from '../random/normal.js';
import { philoxBlock } from '../random/philox.js';
import type { Direction } from './verdict.js';

/** Posterior probabilities; they add up to 1. */
export interface BayesianSignedRank {
  readonly worse: number;
  /** Within ±margin; 0 without a margin, but for ties. */
  readonly equivalent: number;
  readonly better: number;
  /** The margin: half the width of the region of practical equivalence (ROPE). */
  readonly rope: number;
  readonly draws: number;
}

/** Leaves each probability a Monte-Carlo standard error of 0.0036 at most. */
export const bayesianDraws = 20_000;

/** The key of the weights, so that no other use of the generator shares their draws. */
const key = [0x62737231, 1] as const;

/**
 * The Bayesian signed-rank test (Benavoli, Corani, Mangili, Zaffalon and Ruggeri, ICML 2014; Benavoli, Corani,
 * Demšar and Zaffalon, JMLR 18, 2017, section 4): how probable is it that the challenger is worse,
 * practically equivalent, or better?
 *
 * The distribution of the differences has a Dirichlet-process prior with strength 1/2 and its pseudo-difference
 * at 0, inside the ROPE. A posterior draw is a set of Dirichlet(1/2, 1, …, 1) weights of that 0 and the n
 * differences; under it the mean of two independent differences falls below, into, or above the ROPE with
 * three probabilities, and the draw votes for the largest. Assumes independent pairs.
 *
 * Counter-based: draw k of n differences takes its weights from the Philox blocks (k, 0), (k, 1), …
 *
 * @param differences challenger - baseline, one a pair
 * @param rope the margin, at least 0, in the metric's unit
 * @param noise differences that differ by no more count as equal
 */
export function bayesianSignedRank(
  differences: readonly number[],
  { rope, direction, noise = 0 }: { rope: number; direction: Direction; noise?: number },
): Computed<BayesianSignedRank> {
  if (differences.length < 2) {
    return notComputable(`it needs at least 2 pairs, and there are ${differences.length}`);
  }
  const sign = direction === 'higher' ? 1 : -1;
  const scale = powerOfTwoScale([...differences, rope]);
  const values = [0, ...differences.map((d) => (sign * d) / scale)];
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const sorted = order.map((i) => values[i]!);
  const edge = (2 * (rope + noise)) / scale;
  // Of value i, all from `above[i]` on sum up to more than the edge, and all before `below[i]` to less than -edge.
  const above = sorted.map((a) => firstIndex(sorted, (b) => a + b > edge));
  const below = sorted.map((a) => firstIndex(sorted, (b) => a + b >= -edge));
  const weights = new Float64Array(values.length);
  const before = new Float64Array(values.length + 1);
  const words = new Uint32Array(4);
  const votes: Shares = [0, 0, 0];
  for (let draw = 0; draw < bayesianDraws; draw += 1) {
    dirichletWeights(draw, weights, words);
    order.forEach((index, i) => (before[i + 1] = before[i]! + weights[index]!));
    const total = before[values.length]!;
    let [worse, better] = [0, 0];
    for (let i = 0; i < order.length; i += 1) {
      const weight = weights[order[i]!]!;
      better += weight * (total - before[above[i]!]!);
      worse += weight * before[below[i]!]!;
    }
    castVote(votes, [worse, total * total - worse - better, better]);
  }
  const [worse, equivalent, better] = votes.map((count) => count / bayesianDraws) as Shares;
  return computed({ worse, equivalent, better, rope, draws: bayesianDraws });
}

/** Of worse, equivalent and better. */
type Shares = [worse: number, equivalent: number, better: number];

/** For the largest; shared where several are. */
function castVote(votes: Shares, shares: Shares): void {
  const most = Math.max(...shares);
  const winners = shares.filter((share) => share === most).length;
  for (let i = 0; i < 3; i += 1) if (shares[i] === most) votes[i]! += 1 / winners;
}

function firstIndex(values: readonly number[], holds: (value: number) => boolean): number {
  const index = values.findIndex(holds);
  return index === -1 ? values.length : index;
}

/**
 * Dirichlet(1/2, 1, …, 1) weights but for their sum: the first is half the square of a standard normal, which
 * has the gamma distribution of shape 1/2 (by Box and Muller 1958), the others are exponential.
 */
function dirichletWeights(draw: number, weights: Float64Array, words: Uint32Array): void {
  // Two words for the normal, then one for each exponential.
  for (let word = 0; word <= weights.length; word += 1) {
    if (word % 4 === 0) philoxBlock(words, draw, word / 4, 0, 0, ...key);
    const uniform = openUniform(words[word % 4]!);
    if (word === 1) weights[0]! *= Math.cos(2 * Math.PI * uniform) ** 2;
    else weights[Math.max(0, word - 1)] = -Math.log(uniform);
  }
}
