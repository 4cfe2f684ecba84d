import { divergedVariants, metricValue, valueOf } from '../run/final-values.js';
import type { FinalMetric } from '../run/final-values.js';
import { raceOf } from '../run/race.js';
import type { RunRace } from '../run/race.js';
import type { Run } from '../run/read-run.js';
import type { RunTrial } from '../run/read-trial.js';
import { compareFamily } from '../statistics/compare-family.js';
import type { ComparisonInput, PairedComparison } from '../statistics/compare-pairs.js';
import type { PairValues, Side } from '../statistics/pairs.js';
import { isExploratory } from './metric.js';
import type { RaceDrop } from '../statistics/race.js';
import { count } from '../text/numbers.js';
import type { SweepPoint } from './sweep-points.js';

export interface RunComparison {
  /** Index of the sweep point. */
  readonly point: number;
  readonly challenger: string;
  readonly result: PairedComparison;
}

/**
 * Every challenger against the baseline at every point, as one Holm family. Every planned seed of a
 * point is handed on.
 */
export function compareRun(
  run: Run,
  points: readonly SweepPoint[],
  metric: FinalMetric,
): RunComparison[] {
  const { baseline, variants, decision } = run.manifest.config;
  const challengers = Object.keys(variants).filter((name) => name !== baseline);
  const planned = points.flatMap((point, index) =>
    challengers.map((challenger) => ({ point, index, challenger })),
  );
  const race = raceOf(run.manifest, (index) => run.trials[index]);
  const dropOf = (point: number) => race?.drops.find((drop) => drop.point === point);
  const labelOf = (name: string) => variants[name]?.label ?? name;
  const results = compareFamily(
    planned.map(({ point, index, challenger }): ComparisonInput => ({
      ...pairValues(run, point, challenger, metric),
      metric: metric.name,
      direction: metric.direction,
      alpha: decision.alpha,
      // The margin was set in the unit of the registered metric and means nothing for another.
      margin: metric.name === decision.metric ? decision.margin : 0,
      labels: { baseline: labelOf(baseline), challenger: labelOf(challenger) },
      ...plannedPairs(decision.pairs, race, dropOf(index)),
      exploratory: isExploratory(run.manifest, metric),
    })),
  );
  return planned.map(({ index, challenger }, i) => ({
    point: index,
    challenger,
    result: results[i]!,
  }));
}

/** What a drop ends early is no plan that was kept, and tests are valid for those only. */
function plannedPairs(
  pairs: number | undefined,
  race: RunRace | undefined,
  drop: RaceDrop | undefined,
): Pick<ComparisonInput, 'plannedPairs' | 'withheld'> {
  if (race === undefined || drop === undefined) return { plannedPairs: pairs };
  const when = `after ${drop.seeds} of ${count(race.plan.seeds, 'seed')}`;
  return { withheld: `the race dropped it ${when}, which depended on its results` };
}

/** One challenger and the baseline at one point, seed by seed; without the seeds that a race has spared it. */
export function pairValues(
  { manifest, trials }: Run,
  point: SweepPoint,
  challenger: string,
  metric: FinalMetric,
): PairValues {
  const { baseline } = manifest.config;
  const planned = point.trials.filter(({ index }) => trials[index]?.state !== 'dropped');
  const ran = planned.map(({ index }) => trials[index]);
  return {
    seeds: planned.map(({ seed }) => seed),
    baseline: ran.map((trial) => valueOf(trial, baseline, { metric, baseline })),
    challenger: ran.map((trial) => valueOf(trial, challenger, { metric, baseline })),
    // Made from counts where the metric has them: see `scoreDifference`.
    differences: ran.map((trial) => metricValue(trial?.result?.delta[challenger], metric)),
    failed: ran.map((trial) => whoDiverged(trial, baseline, challenger)),
  };
}

/** Which of the two dropped out. */
function whoDiverged(
  trial: RunTrial | undefined,
  baseline: string,
  challenger: string,
): Side | null {
  const lost = divergedVariants(trial);
  if (lost.includes(baseline)) return lost.includes(challenger) ? 'both' : 'baseline';
  return lost.includes(challenger) ? 'challenger' : null;
}
