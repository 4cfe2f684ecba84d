import type { Run, RunTrial } from '../run/read-run.js';
import { metricNamed, metricValue } from './metric.js';
import type { ReportMetric } from './metric.js';
import { sweepPoints } from './sweep-points.js';

/** Challenger - baseline over the seeds of one point. */
export interface PointDelta {
  /** Pairs that count: of completed trials, with a finite value on both sides. */
  readonly n: number;
  /** Null without a pair. */
  readonly mean: number | null;
  /** Sample standard deviation (n - 1); null below two pairs. */
  readonly sd: number | null;
}

/** One point of a sweep, all its seeds together; a run without a sweep has one. */
export interface PointRow {
  /** Its place in the sweep, from 0. */
  readonly index: number;
  readonly label: string;
  readonly point: Readonly<Record<string, unknown>>;
  readonly planned: number;
  readonly completed: number;
  /** Trials that did not complete although they ended: by state. */
  readonly failures: Readonly<Record<string, number>>;
  /** By challenger. */
  readonly delta: Readonly<Record<string, PointDelta>>;
}

/** The results of a run, point by point, in the metric of its decision. */
export interface PointTable {
  readonly metric: ReportMetric;
  readonly baseline: string;
  readonly challengers: readonly string[];
  readonly points: readonly PointRow[];
  /** Where a challenger is furthest ahead of the baseline on average; absent without a pair. */
  readonly best?: { readonly index: number; readonly challenger: string } | undefined;
}

export function pointTable({ manifest, trials }: Run): PointTable {
  const { config } = manifest;
  const metric = metricNamed(config.decision.metric, manifest);
  const challengers = Object.keys(config.variants).filter((name) => name !== config.baseline);
  const points = sweepPoints(manifest).map(({ label, values, trials: planned }, index) => {
    const members = new Set(planned.map((trial) => trial.index));
    const ran = trials.filter(({ trial }) => members.has(trial.index));
    return {
      index,
      label,
      point: values,
      planned: planned.length,
      completed: ran.filter(({ state }) => state === 'completed').length,
      failures: countFailures(ran),
      delta: Object.fromEntries(challengers.map((name) => [name, deltaOf(ran, name, metric)])),
    };
  });
  return { metric, baseline: config.baseline, challengers, points, best: bestOf(points, metric) };
}

function deltaOf(trials: readonly RunTrial[], challenger: string, metric: ReportMetric) {
  const values = trials.flatMap(({ state, result }) => {
    const value =
      state === 'completed' ? metricValue(result?.delta[challenger], metric) : undefined;
    return typeof value === 'number' ? [value] : [];
  });
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean: n > 0 ? mean : null, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : null };
}

function countFailures(trials: readonly RunTrial[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of trials) {
    if (state === 'diverged' || state === 'failed') counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

function bestOf(points: readonly PointRow[], { direction }: ReportMetric): PointTable['best'] {
  const sign = direction === 'higher' ? 1 : -1;
  let best: (NonNullable<PointTable['best']> & { lead: number }) | undefined;
  for (const { index, delta } of points) {
    for (const [challenger, { mean }] of Object.entries(delta)) {
      if (mean === null || (best && mean * sign <= best.lead)) continue;
      best = { index, challenger, lead: mean * sign };
    }
  }
  return best && { index: best.index, challenger: best.challenger };
}
