import { effectUnit, formatterFor } from '../../statistics/format-effect.js';
import type { ReportDocument } from '../report-schema.js';
import { count } from '../../text/numbers.js';
import { numberColumn, tableOf, textColumn } from '../../text/table.js';
import { crossedStreams } from '../../statistics/latin-square.js';
import type { PageContext } from './context.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table } from './table.js';

/** The outcome of every planned trial; those that did not complete come first. */
export function trialsSection({ report, labels }: PageContext): Markup {
  const { trials, points, decision } = report;
  const due = trials.filter(({ state }) => state !== 'dropped');
  const failed = due.filter(({ state }) => state !== 'completed');
  const unit = effectUnit(decision.metric);
  const swept = points.length > 1;
  const values = trials.flatMap((trial) => Object.values(trial.values));
  const finite = values.flatMap((value) => (value === null ? [] : [value * unit.factor]));
  const spread =
    finite.reduce((most, value) => Math.max(most, value), -Infinity) -
    finite.reduce((least, value) => Math.min(least, value), Infinity);
  const format = formatterFor(Number.isFinite(spread) ? spread / 100 : 0, finite.slice(0, 1000));
  type Trial = ReportDocument['trials'][number];
  const columns = [
    numberColumn<Trial>('Trial', ({ index }) => index),
    ...(swept ? [textColumn<Trial>('Point', ({ point }) => points[point]!.label)] : []),
    ...(report.variance
      ? crossedStreams.map((stream) =>
          numberColumn<Trial>(`Seed of ${stream}`, ({ streams }) => streams?.[stream] ?? ''),
        )
      : [numberColumn<Trial>('Seed', ({ seed }) => seed)]),
    textColumn<Trial>('State', ({ state }) => state),
    numberColumn<Trial>('Steps', ({ steps, point }) => `${steps} of ${points[point]!.steps}`),
    ...[...labels].map(([name, label]) =>
      numberColumn<Trial>(
        `${label}, ${unit.metric}${unit.values.replace(',', '')}`,
        ({ values: own }) => {
          const value = own[name] ?? null;
          return value === null ? '–' : format(value * unit.factor);
        },
      ),
    ),
    textColumn<Trial>('Reason', ({ reason }) => reason ?? ''),
  ];
  return markup`<section aria-labelledby="trials">
    <h2 id="trials">Trials and failures</h2>
    <p>
      ${due.length - failed.length} of ${count(due.length, 'planned trial')}
      completed${failed.length === 0 ? '; none failed, none is missing.' : `; ${failed.length} did not, and none of their values counts:`}
      ${due.length < trials.length ? ` ${report.race === undefined ? 'The verdict did not need' : 'The race has spared'} ${count(trials.length - due.length, 'more', 'more')}.` : ''}
    </p>
    ${failed.length > 0 ? markup`<div class="card">${table(tableOf('Trials that did not complete', failed, columns))}</div>` : ''}
    <details class="card" ${trials.length <= 20 && failed.length < trials.length ? markup` open` : ''}>
      <summary>All ${count(due.length, 'trial')}</summary>
      ${table(tableOf('All trials', due, columns))}
    </details>
  </section> `;
}
