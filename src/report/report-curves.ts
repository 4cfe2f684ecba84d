import { metricOfQuantity } from '../metrics/registry.js';
import { pairedT } from '../statistics/paired-t.js';
import { differenceBand } from '../statistics/difference-band.js';
import { mean, pairedDifferences } from '../statistics/moments.js';
import type { Direction } from '../statistics/verdict.js';
import type { Run } from '../run/read-run.js';
import { finishedVariants } from '../run/final-values.js';
import { directionOf } from './metric.js';
import type { ReportCurves } from './report-schema.js';
import type { SweepPoint } from './sweep-points.js';
import { thinCurve, thinSteps } from './thin-curve.js';
import type { Curve, TrialCurves } from './trial-curves.js';

/** The number of steps at which a mean and its interval are computed: as many as a figure can show. */
const mostSteps = 240;
/** Points of all thin lines of one figure together, so that many seeds stay a small file. */
const mostPoints = 12_000;
/** The same for all sweep points together, where there are several. */
const mostPointsOfSweep = 20_000;

/** The curves of one trial, read from its log. */
export type ReadCurves = (trial: number) => Promise<TrialCurves>;

export interface CollectOptions {
  readonly run: Run;
  readonly points: readonly SweepPoint[];
  /** Indices of the points whose curves are wanted. */
  readonly shown: readonly number[];
  readonly readCurves: ReadCurves;
}

/** All that was measured at several steps of the chosen points, one trial after another. */
export async function collectCurves(options: CollectOptions): Promise<ReportCurves[]> {
  const { run, points, shown, readCurves } = options;
  const { variants, baseline, decision } = run.manifest.config;
  const names = Object.keys(variants);
  const curves: ReportCurves[] = [];
  for (const point of shown) {
    const trials: PointTrial[] = [];
    for (const { index, seed } of points[point]!.trials) {
      const trial = run.trials[index];
      if (trial === undefined || trial.state === 'planned' || trial.state === 'dropped') continue;
      const finished = finishedVariants(trial.result?.variants ?? {}, baseline);
      trials.push({ seed, finished, curves: await readCurves(index) });
    }
    const quantities = new Set(trials.flatMap(({ curves: measured }) => [...measured.keys()]));
    for (const quantity of quantities) {
      const found = reportCurves(trials, {
        ...{ point, quantity, baseline, variants: names },
        direction: directionOf(quantity, run.manifest),
        alpha: decision.alpha,
        shown: shown.length,
      });
      if (found) curves.push(found);
    }
  }
  return curves;
}

export interface PointTrial {
  readonly seed: number;
  /** The variants that trained to the end: only they count in means and bands. */
  readonly finished: readonly string[];
  readonly curves: TrialCurves;
}

export interface CurveOptions {
  readonly point: number;
  readonly quantity: string;
  readonly direction: Direction;
  readonly baseline: string;
  readonly variants: readonly string[];
  readonly alpha: number;
  /** How many sweep points have such curves. */
  readonly shown: number;
}

/**
 * One quantity over the steps of one sweep point: a line a seed, the mean with its interval, and each
 * challenger's paired difference with its simultaneous band.
 * @returns undefined where no trial measured it at two steps
 */
export function reportCurves(
  trials: readonly PointTrial[],
  { point, quantity, direction, baseline, variants, alpha, shown: figures }: CurveOptions,
): ReportCurves | undefined {
  const curveOf = (trial: PointTrial, variant: string): Curve =>
    trial.curves.get(quantity)?.get(variant) ?? { steps: [], values: [] };
  const longest = Math.max(0, ...trials.map((trial) => curveOf(trial, baseline).steps.length));
  if (longest < 2) return undefined;

  const { scale } = metricOfQuantity(quantity);
  const log = scale === 'log';
  const finished = (...names: readonly string[]) =>
    trials.filter((trial) => names.every((name) => trial.finished.includes(name)));
  const steps = thinSteps(
    commonSteps(finished(baseline).map((trial) => curveOf(trial, baseline))),
    mostSteps,
  );
  const at = (trial: PointTrial, variant: string) => valuesAt(curveOf(trial, variant), steps);
  const most = Math.min(mostPoints, Math.floor(mostPointsOfSweep / figures));
  const lines = Math.max(1, trials.length * variants.length);
  const buckets = Math.max(20, Math.min(mostSteps, Math.floor(most / lines / 2)));
  return {
    point,
    quantity,
    scale,
    direction,
    variants: variants.map((variant) => ({
      variant,
      seeds: trials
        .filter((trial) => curveOf(trial, variant).steps.length > 0)
        .map((trial) => {
          const curve = thinCurve(curveOf(trial, variant), buckets);
          return { seed: trial.seed, steps: curve.steps, values: curve.values.map(shown(log)) };
        }),
      steps,
      ...meanBand(
        finished(variant).map((trial) => at(trial, variant)),
        steps.length,
        { level: 1 - alpha, log },
      ),
    })),
    differences: variants
      .filter((variant) => variant !== baseline)
      .map((challenger) => {
        const pairs = finished(baseline, challenger).map((trial) => {
          return { theirs: at(trial, baseline), ours: at(trial, challenger) };
        });
        const byStep = steps.map((_, i) => {
          const [theirs, ours] = [
            pairs.map((pair) => pair.theirs[i]!),
            pairs.map((pair) => pair.ours[i]!),
          ];
          const known = [...theirs, ...ours].every(Number.isFinite);
          return known ? pairedDifferences(theirs, ours) : pairs.map(() => NaN);
        });
        const differences = pairs.map((_, seed) => byStep.map((step) => step[seed]!));
        const band = differenceBand(differences, 1 - alpha);
        if (!band.computable) return { challenger, band };
        const { low, high } = band;
        const rounded = { mean: band.mean.map(round), low: low.map(round), high: high.map(round) };
        return { challenger, band: { ...band, ...rounded, steps } };
      }),
  };
}

/** The steps that every curve has. */
function commonSteps(curves: readonly Curve[]): number[] {
  const [first, ...others] = curves;
  const sets = others.map(({ steps }) => new Set(steps));
  return (first?.steps ?? []).filter((step) => sets.every((set) => set.has(step)));
}

function valuesAt({ steps, values }: Curve, wanted: readonly number[]): number[] {
  const byStep = new Map(steps.map((step, i) => [step, values[i]!]));
  return wanted.map((step) => byStep.get(step) ?? NaN);
}

/** Mean and pointwise t interval at each step; of the logarithms, and back, on a log scale. */
function meanBand(
  curves: readonly (readonly number[])[],
  length: number,
  { level, log }: { readonly level: number; readonly log: boolean },
) {
  const rows = Array.from({ length }, (_, i) => {
    const values = curves.map((curve) => (log ? Math.log(curve[i]!) : curve[i]!));
    if (values.length === 0 || !values.every(Number.isFinite)) return [null, null, null];
    const test = pairedT(values, level);
    const ends = test.computable ? [test.interval.low, test.interval.high] : [null, null];
    return [mean(values), ...ends].map((value) =>
      value === null || !log ? value : Math.exp(value),
    );
  });
  const column = (index: number) => rows.map((row) => round(row[index] ?? null));
  return { mean: column(0), low: column(1), high: column(2) };
}

/** A value that is not finite, or not positive on a logarithmic axis, breaks the line. */
function shown(log: boolean): (value: number) => number | null {
  return (value) => (Number.isFinite(value) && (!log || value > 0) ? round(value) : null);
}

/** Six digits are more than a figure shows, and keep the file small. */
function round(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
