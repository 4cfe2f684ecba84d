import { valueOf } from '../run/final-values.js';
import type { FinalMetric } from '../run/final-values.js';
import type { Run } from '../run/read-run.js';
import type { RunTrial } from '../run/read-trial.js';
import { mean, standardDeviation } from '../statistics/moments.js';
import { alignPairs } from '../statistics/pairs.js';
import { countWins } from '../statistics/sign-tests.js';
import type { Wins } from '../statistics/sign-tests.js';
import { pairValues } from './compare-run.js';
import { earlyStopsOf } from './early-stops.js';
import type { EarlyStops } from './early-stops.js';
import { metricNamed } from './metric.js';
import { raceDocument } from './race-document.js';
import type { RaceDocument } from './race-document.js';
import { sweepPoints } from './sweep-points.js';

/** Values over the seeds of one point. */
export interface PointSample {
  readonly n: number;
  /** Null without a value. */
  readonly mean: number | null;
  /** Sample standard deviation (n - 1); null below two values. */
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
  /** The metric of each variant, of the trials it trained to the end. */
  readonly variants: Readonly<Record<string, PointSample>>;
  /** Challenger - baseline, by challenger, of the seeds that both trained to the end. */
  readonly delta: Readonly<Record<string, PointSample & Wins>>;
  /** Of the trials that ended, by variant; absent without early stopping. */
  readonly earlyStopping?: Readonly<Record<string, EarlyStops>> | undefined;
  /** Where a race dropped it; absent where none did. */
  readonly dropped?: RaceDocument['drops'][number] | undefined;
}

/** The results of a run in one metric, point by point. */
export interface PointTable {
  readonly metric: FinalMetric;
  readonly baseline: string;
  readonly challengers: readonly string[];
  readonly points: readonly PointRow[];
  /** Where a challenger is furthest ahead of the baseline on average; absent where none is ahead, and where trials are cells. */
  readonly best?: { readonly index: number; readonly challenger: string } | undefined;
  /** Only of a race. */
  readonly race?: RaceDocument | undefined;
  /** Whether the trials are cells of a square over streams, which share their draws: no independent pairs. Absent: no. */
  readonly cells?: true;
}

/** @param name of the metric. Default: the one that the decision is about */
export function pointTable(
  run: Run,
  name: string = run.manifest.config.decision.metric,
): PointTable {
  const { config } = run.manifest;
  const metric = metricNamed(name, run.manifest);
  const { baseline } = config;
  const names = Object.keys(config.variants);
  const challengers = names.filter((name) => name !== baseline);
  const race = raceDocument(run);
  const points = sweepPoints(run.manifest).map((point, index): PointRow => {
    const ran = point.trials.flatMap((trial) => run.trials[trial.index] ?? []);
    return {
      index,
      label: point.label,
      point: point.values,
      planned: ran.filter(({ state }) => state !== 'dropped').length,
      completed: ran.filter(({ state }) => state === 'completed').length,
      failures: countFailures(ran),
      variants: Object.fromEntries(
        names.map((variant) => {
          const values = ran.map((trial) => valueOf(trial, variant, { metric, baseline }));
          return [variant, sampleOf(values.filter((value) => value !== null))];
        }),
      ),
      delta: Object.fromEntries(
        challengers.map((challenger) => {
          const { differences } = alignPairs(pairValues(run, point, challenger, metric));
          return [
            challenger,
            { ...sampleOf(differences), ...countWins(differences, metric.direction) },
          ];
        }),
      ),
      earlyStopping: earlyStopsOf(
        ran.map(({ result }) => result?.variants ?? {}),
        names,
      ),
      dropped: race?.drops.find((drop) => drop.point === index),
    };
  });
  const table = { metric, baseline, challengers, points, race };
  const areCells = run.manifest.kind === undefined && run.manifest.variance !== undefined;
  return areCells ? { ...table, cells: true } : { ...table, best: bestOf(points, metric) };
}

/** A sample as JSON has it: null where there are too few values for a number. */
function sampleOf(values: readonly number[]): PointSample {
  const n = values.length;
  return { n, mean: n > 0 ? mean(values) : null, sd: n > 1 ? standardDeviation(values) : null };
}

function countFailures(trials: readonly RunTrial[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of trials) {
    if (state === 'diverged' || state === 'failed') counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

function bestOf(points: readonly PointRow[], { direction }: FinalMetric): PointTable['best'] {
  const sign = direction === 'higher' ? 1 : -1;
  let best: (NonNullable<PointTable['best']> & { lead: number }) | undefined;
  for (const { index, delta } of points) {
    for (const [challenger, { mean: average }] of Object.entries(delta)) {
      const lead = (average ?? 0) * sign;
      if (lead > (best?.lead ?? 0)) best = { index, challenger, lead };
    }
  }
  return best && { index: best.index, challenger: best.challenger };
}
