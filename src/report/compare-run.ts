import type { Run, RunTrial } from '../run/read-run.js';
import { compareFamily } from '../statistics/compare-family.js';
import type { ComparisonInput, PairedComparison } from '../statistics/compare-pairs.js';
import type { Side } from '../statistics/pairs.js';
import { metricValue } from './metric.js';
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
 * point is handed on; values count only of trials that completed.
 */
export function compareRun(
  { manifest, trials }: Run,
  points: readonly SweepPoint[],
  metric: ReportMetric,
): RunComparison[] {
  const { config } = manifest;
  const { baseline, variants, decision } = config;
  const challengers = Object.keys(variants).filter((name) => name !== baseline);
  const byIndex = new Map(trials.map((trial) => [trial.trial.index, trial]));
  const planned = points.flatMap((point, index) =>
    challengers.map((challenger) => ({ point, index, challenger })),
  );
  const labelOf = (name: string) => variants[name]?.label ?? name;
  const results = compareFamily(
    planned.map(({ point, challenger }): ComparisonInput => {
      const ran = point.trials.map(({ index }) => byIndex.get(index));
      return {
        metric: metric.name,
        direction: metric.direction,
        alpha: decision.alpha,
        // The margin was set in the unit of the registered metric and means nothing for another.
        margin: metric.name === decision.metric ? decision.margin : 0,
        labels: { baseline: labelOf(baseline), challenger: labelOf(challenger) },
        seeds: point.trials.map(({ seed }) => seed),
        baseline: ran.map((trial) => valueOf(trial, baseline, metric)),
        challenger: ran.map((trial) => valueOf(trial, challenger, metric)),
        failed: ran.map((trial) => whoDiverged(trial, baseline, challenger)),
        plannedPairs: decision.pairs,
        exploratory: metric.name !== decision.metric,
      };
    }),
  );
  return planned.map(({ index, challenger }, i) => ({
    point: index,
    challenger,
    result: results[i]!,
  }));
}

/** The metric of one variant in a trial; null where it diverged or the trial has no result. */
export function valueOf(
  trial: RunTrial | undefined,
  variant: string,
  metric: ReportMetric,
): number | null {
  const own = trial?.result?.variants[variant];
  return own === undefined || own.diverged !== undefined ? null : metricValue(own, metric);
}

/** Which of the two dropped out. */
function whoDiverged(
  trial: RunTrial | undefined,
  baseline: string,
  challenger: string,
): Side | null {
  if (trial?.state !== 'diverged') return null;
  const lost = (name: string) => trial.result?.variants[name]?.diverged !== undefined;
  if (lost(baseline)) return lost(challenger) ? 'both' : 'baseline';
  return lost(challenger) ? 'challenger' : null;
}
