/** Beyond this many pairs the exact distribution of a rank sum gives way to the normal one. */
export const largestExactSignedRank = 300;

/**
 * The null distribution of a sum of ranks, each counted with probability 1/2 (Wilcoxon's signed-rank
 * statistic), by adding one rank at a time.
 *
 * @param doubledRanks twice the ranks, so that midranks of ties are whole numbers
 * @returns `[i]` is the probability that twice the rank sum is i
 */
export function signedRankProbabilities(doubledRanks: readonly number[]): Float64Array {
  const largest = doubledRanks.reduce((total, rank) => total + rank, 0);
  const probabilities = new Float64Array(largest + 1);
  probabilities[0] = 1;
  let reached = 0;
  for (const rank of doubledRanks) {
    reached += rank;
    for (let i = reached; i >= 0; i--) {
      const withRank = i >= rank ? probabilities[i - rank]! : 0;
      probabilities[i] = (probabilities[i]! + withRank) / 2;
    }
  }
  return probabilities;
}
