import type { Run } from '../run/read-run.js';
import { reportCurves } from './report-curves.js';
import type { PointTrial } from './report-curves.js';
import type { ReportCurves } from './report-schema.js';
import type { SweepPoint } from './sweep-points.js';
import type { TrialCurves } from './trial-curves.js';

/** The curves of one trial, read from its log. */
export type ReadCurves = (trial: number) => Promise<TrialCurves>;

export interface CollectOptions {
  readonly run: Run;
  readonly points: readonly SweepPoint[];
  /** Indices of the points whose curves are wanted. */
  readonly shown: readonly number[];
  /** Has a curve if it is evaluated every few steps. */
  readonly metric: string;
  readonly readCurves: ReadCurves;
}

/** The minibatch losses and accuracies and the metric of the chosen points, one trial after another. */
export async function collectCurves(options: CollectOptions): Promise<ReportCurves[]> {
  const { run, points, shown, metric, readCurves } = options;
  const { variants, baseline, decision } = run.manifest.config;
  const quantities = [...new Set(['minibatch.loss', 'minibatch.accuracy', metric])];
  const states = new Map(run.trials.map(({ trial, state }) => [trial.index, state]));
  const curves: ReportCurves[] = [];
  for (const point of shown) {
    const trials: PointTrial[] = [];
    for (const { index, seed } of points[point]!.trials) {
      if (states.get(index) === 'planned') continue;
      const completed = states.get(index) === 'completed';
      trials.push({ seed, completed, curves: await readCurves(index) });
    }
    for (const quantity of quantities) {
      const names = Object.keys(variants);
      const found = reportCurves(trials, {
        ...{ point, quantity, baseline, variants: names },
        alpha: decision.alpha,
        shown: shown.length,
      });
      if (found) curves.push(found);
    }
  }
  return curves;
}
