import type { FinalMetric } from '../run/final-values.js';
import { pairValuesOf } from '../run/pair-values.js';
import { raceOf } from '../run/race.js';
import type { RunRace } from '../run/race.js';
import type { Run } from '../run/read-run.js';
import { sequenceOf } from '../run/sequence.js';
import { compareFamily } from '../statistics/compare-family.js';
import type { ComparisonInput, PairedComparison } from '../statistics/compare-pairs.js';
import { concludeSequential } from '../statistics/conclude-sequential.js';
import type { PairValues } from '../statistics/pairs.js';
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
 * point is handed on. In a run that is decided in sequence each challenger has its share of alpha instead.
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
  const inputs = planned.map(({ point, index, challenger }): ComparisonInput => ({
    ...pairValues(run, point, challenger, metric),
    metric: metric.name,
    direction: metric.direction,
    alpha: decision.alpha,
    // The margin was set in the unit of the registered metric and means nothing for another.
    margin: metric.name === decision.metric ? decision.margin : 0,
    labels: { baseline: labelOf(baseline), challenger: labelOf(challenger) },
    ...plannedPairs(decision.pairs, race, dropOf(index)),
    exploratory: isExploratory(run.manifest, metric),
  }));
  const results = concludeRun(run, metric, inputs);
  return planned.map(({ index, challenger }, i) => ({
    point: index,
    challenger,
    result: results[i]!,
  }));
}

/** By the plan of looks where there is one; it is about the metric fixed before the run. */
function concludeRun(
  { manifest, trials }: Run,
  metric: FinalMetric,
  inputs: readonly ComparisonInput[],
): PairedComparison[] {
  const { decision } = manifest.config;
  const sequence =
    metric.name === decision.metric ? sequenceOf(manifest, (index) => trials[index]) : undefined;
  if (sequence === undefined) return compareFamily(inputs);
  const { plan, paths, settled } = sequence;
  const shared = { rules: plan.rules, comparisons: paths.length, settled };
  return inputs.map((input, i) => concludeSequential(input, { ...shared, path: paths[i]!.path }));
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
  return pairValuesOf(planned, (index) => trials[index], { baseline, challenger, metric });
}
