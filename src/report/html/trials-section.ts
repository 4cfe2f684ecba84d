import { effectUnit, formatterFor } from '../../statistics/format-effect.js';
import type { PageContext } from './context.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table } from './table.js';

/** What became of every planned trial; those that did not complete first of all. */
export function trialsSection({ report, labels }: PageContext): Markup {
  const { trials, run, points, decision } = report;
  const failed = trials.filter(({ state }) => state !== 'completed');
  const { factor, metric } = effectUnit(decision.metric);
  const swept = points.length > 1;
  const values = trials.flatMap((trial) => Object.values(trial.values));
  const finite = values.flatMap((value) => (value === null ? [] : [value * factor]));
  const spread =
    finite.reduce((most, value) => Math.max(most, value), -Infinity) -
    finite.reduce((least, value) => Math.min(least, value), Infinity);
  const format = formatterFor(Number.isFinite(spread) ? spread / 100 : 0, finite.slice(0, 1000));
  const rows = (shown: typeof trials) =>
    shown.map(({ index, point, seed, state, steps, reason, values: own }) => [
      index,
      ...(swept ? [points[point]!.label] : []),
      seed,
      state,
      `${steps} of ${run.steps}`,
      ...[...labels.keys()].map((name) => {
        const value = own[name] ?? null;
        return value === null ? '–' : format(value * factor);
      }),
      reason ?? '',
    ]);
  const suffix = factor === 100 ? ' %' : '';
  const head = [
    'Trial',
    ...(swept ? ['Point'] : []),
    'Seed',
    'State',
    'Steps',
    ...[...labels.values()].map((label) => `${label}, ${metric}${suffix}`),
    'Reason',
  ];
  const words = [swept ? 1 : 2, swept ? 3 : 2, head.length - 1];
  const all = table({ caption: 'All trials', head, rows: rows(trials), words });
  return markup`<section aria-labelledby="trials">
    <h2 id="trials">Trials and failures</h2>
    <p>
      ${trials.length - failed.length} of ${trials.length} planned trials
      completed${failed.length === 0 ? '; none failed, none is missing.' : `; ${failed.length} did not, and none of their values counts:`}
    </p>
    ${failed.length > 0 ? markup`<div class="card">${table({ caption: 'Trials that did not complete', head, rows: rows(failed), words })}</div>` : ''}
    <details class="card" ${trials.length <= 20 && failed.length < trials.length ? markup` open` : ''}>
      <summary>All ${trials.length} trials</summary>
      ${all}
    </details>
  </section> `;
}
