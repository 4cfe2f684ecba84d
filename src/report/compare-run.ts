import type { Run, RunTrial } from '../run/read-run.js';
import { compareFamily } from '../statistics/compare-family.js';
import type { ComparisonInput, PairedComparison } from '../statistics/compare-pairs.js';
import type { PairValues, Side } from '../statistics/pairs.js';
import { finishedVariants, isExploratory, metricValue } from './metric.js';
import type { ReportMetric } from './metric.js';
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
  metric: ReportMetric,
): RunComparison[] {
  const { baseline, variants, decision } = run.manifest.config;
  const challengers = Object.keys(variants).filter((name) => name !== baseline);
  const planned = points.flatMap((point, index) =>
    challengers.map((challenger) => ({ point, index, challenger })),
  );
  const labelOf = (name: string) => variants[name]?.label ?? name;
  const results = compareFamily(
    planned.map(({ point, challenger }): ComparisonInput => ({
      ...pairValues(run, point, challenger, metric),
      metric: metric.name,
      direction: metric.direction,
      alpha: decision.alpha,
      // The margin was set in the unit of the registered metric and means nothing for another.
      margin: metric.name === decision.metric ? decision.margin : 0,
      labels: { baseline: labelOf(baseline), challenger: labelOf(challenger) },
      plannedPairs: decision.pairs,
      exploratory: isExploratory(run.manifest, metric),
    })),
  );
  return planned.map(({ index, challenger }, i) => ({
    point: index,
    challenger,
    result: results[i]!,
  }));
}

/** One challenger and the baseline at one point, seed by seed. */
export function pairValues(
  { manifest, trials }: Run,
  point: SweepPoint,
  challenger: string,
  metric: ReportMetric,
): PairValues {
  const { baseline } = manifest.config;
  const ran = point.trials.map(({ index }) => trials[index]);
  return {
    seeds: point.trials.map(({ seed }) => seed),
    baseline: ran.map((trial) => valueOf(trial, baseline, { metric, baseline })),
    challenger: ran.map((trial) => valueOf(trial, challenger, { metric, baseline })),
    // Made from counts where the metric has them: see `scoreDifference`.
    differences: ran.map((trial) => metricValue(trial?.result?.delta[challenger], metric)),
    failed: ran.map((trial) => whoDiverged(trial, baseline, challenger)),
  };
}

/** The metric of one variant in a trial; null where it did not train to the end. */
export function valueOf(
  trial: RunTrial | undefined,
  variant: string,
  { metric, baseline }: { readonly metric: ReportMetric; readonly baseline: string },
): number | null {
  const variants = trial?.result?.variants;
  if (!variants || !finishedVariants(variants, baseline).includes(variant)) return null;
  return metricValue(variants[variant], metric);
}

/** The variants of a trial that diverged. */
export function divergedVariants(trial: RunTrial | undefined): string[] {
  return Object.entries(trial?.result?.variants ?? {}).flatMap(([name, { diverged }]) =>
    diverged === undefined ? [] : [name],
  );
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
