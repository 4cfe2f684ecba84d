import type { PairValues, Side } from '../statistics/pairs.js';
import { divergedVariants, metricValue, valueOf } from './final-values.js';
import type { FinalMetric } from './final-values.js';
import type { Trial } from './manifest.js';
import type { RunTrial } from './read-trial.js';

/** What pairs are made of. */
export interface PairSource {
  readonly baseline: string;
  readonly challenger: string;
  readonly metric: FinalMetric;
}

/** What is known of a trial: its result, once it has one. */
type Ended = Pick<RunTrial, 'result'>;

/**
 * One challenger and the baseline, seed by seed.
 * @param planned trials of one point, one a seed
 * @param trialOf by index
 */
export function pairValuesOf(
  planned: readonly Trial[],
  trialOf: (index: number) => Ended | undefined,
  { baseline, challenger, metric }: PairSource,
): PairValues {
  const ran = planned.map(({ index }) => trialOf(index));
  const own = (variant: string) =>
    ran.map((trial) => valueOf(trial, variant, { metric, baseline }));
  return {
    seeds: planned.map(({ seed }) => seed),
    baseline: own(baseline),
    challenger: own(challenger),
    // Made from counts where the metric has them: see `scoreDifference`.
    differences: ran.map((trial) => metricValue(trial?.result?.delta[challenger], metric)),
    failed: ran.map((trial) => whoDiverged(trial, baseline, challenger)),
  };
}

/** Which of the two dropped out. */
function whoDiverged(trial: Ended | undefined, baseline: string, challenger: string): Side | null {
  const lost = divergedVariants(trial);
  if (lost.includes(baseline)) return lost.includes(challenger) ? 'both' : 'baseline';
  return lost.includes(challenger) ? 'challenger' : null;
}
