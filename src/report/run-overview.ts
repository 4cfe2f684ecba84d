import type { Run } from '../run/read-run.js';
import { pointTable } from './point-table.js';
import { signed } from '../text/numbers.js';
import { numberColumn, tableOf, textColumn, textTable } from '../text/table.js';
import type { TableOptions } from '../text/table.js';

/** A run in a line. */
export interface RunOverview {
  readonly folder: string;
  readonly name: string;
  /** `done`: every trial has a result; `failed`: one ended without; `unfinished`: none failed. */
  readonly state: 'done' | 'failed' | 'unfinished';
  readonly completed: number;
  readonly planned: number;
  readonly metric: string;
  /** Where a challenger is furthest ahead on average; null without a pair. */
  readonly best: {
    readonly point: string;
    readonly challenger: string;
    readonly mean: number;
  } | null;
}

export function overviewOf(run: Run, folder: string): RunOverview {
  const { metric, points, best } = pointTable(run);
  const states = run.trials.map(({ state }) => state);
  const lead = best && points[best.index];
  const mean = best && lead?.delta[best.challenger]?.mean;
  return {
    folder,
    name: run.manifest.config.name,
    state: run.trials.every(({ result, state }) => result !== undefined || state === 'dropped')
      ? 'done'
      : states.includes('failed')
        ? 'failed'
        : 'unfinished',
    completed: states.filter((state) => state === 'completed').length,
    planned: states.filter((state) => state !== 'dropped').length,
    metric: metric.name,
    best:
      best && lead && typeof mean === 'number'
        ? { point: lead.label, challenger: best.challenger, mean }
        : null,
  };
}

export function renderOverviews(
  overviews: readonly RunOverview[],
  options: TableOptions,
): string[] {
  const table = tableOf('runs', overviews, [
    textColumn('', ({ folder }) => folder),
    textColumn('state', ({ state }) => state),
    numberColumn('trials', ({ completed, planned }) => `${completed}/${planned}`),
    textColumn('furthest ahead', ({ best, metric }) => {
      if (best === null) return '-';
      const where = best.point === '' ? '' : ` at ${best.point}`;
      return `${signed(best.mean.toFixed(5))} ${metric}, ${best.challenger}${where}`;
    }),
  ]);
  return textTable(table, options);
}
