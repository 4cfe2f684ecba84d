import { evidenceText } from '../statistics/conclude-sequential.js';
import { effectUnit, formatP, formatterFor } from '../statistics/format-effect.js';
import { decisionOf } from '../statistics/sequential-path.js';
import { signed } from '../text/numbers.js';
import { numberColumn, tableOf, textColumn } from '../text/table.js';
import type { Table } from '../text/table.js';
import type { ReportComparison } from './report-schema.js';

type Look = NonNullable<ReportComparison['sequential']>['looks'][number];

/** The looks of a comparison that was decided in sequence, a row each. */
export function looksTable(
  { sequential, metric, direction }: ReportComparison,
  caption: string,
): Table {
  const looks = sequential?.looks ?? [];
  const { factor, differences } = effectUnit(metric);
  const width = Math.min(
    ...looks.map(({ interval }) => (interval === null ? Infinity : interval.high - interval.low)),
  );
  const values = looks.map(({ mean }) => mean * factor);
  const format = formatterFor(Number.isFinite(width) ? (width * factor) / 4 : 0, values);
  const isEvidence = sequential?.method === 'evidence';
  return tableOf(caption, looks, [
    numberColumn('Pairs', ({ n }) => n),
    numberColumn(`Mean difference${differences}`, ({ mean }) => signed(format(mean * factor))),
    numberColumn('Interval', ({ interval }) =>
      interval === null
        ? '–'
        : `${format(interval.low * factor)} to ${format(interval.high * factor)}`,
    ),
    ...(isEvidence
      ? [numberColumn<Look>('E', ({ logE }) => evidenceText(logE ?? 0))]
      : [
          numberColumn<Look>('t', ({ test }) => test?.t?.toFixed(2) ?? '–'),
          numberColumn<Look>('Bound', ({ test }) => test?.tCritical.toFixed(2) ?? '–'),
          numberColumn<Look>('Sign flips', ({ test }) => (test ? formatP(test.flipP) : '–')),
          numberColumn<Look>('Bound', ({ test }) => (test ? formatP(test.spent) : '–')),
        ]),
    textColumn('Says', ({ claim }) => (claim === null ? '' : decisionOf(claim, direction))),
  ]);
}
