import type { PointRow, PointTable } from './point-table.js';
import { signed } from '../text/numbers.js';
import { numberColumn, tableOf, textColumn, textTable } from '../text/table.js';
import type { TableOptions } from '../text/table.js';
import { cleanText } from '../text/text.js';

export const pointTableSchemaVersion = 1;

/** The document `--json` prints: see {@link PointTable}. */
export function pointTableJson({ metric, ...table }: PointTable, runId: string, folder: string) {
  return {
    schemaVersion: pointTableSchemaVersion,
    run: { id: runId, folder },
    metric: metric.name,
    ...table,
  };
}

/** Lines of a table with a row a point. */
export function renderPointTable(
  { metric, baseline, challengers, points, best }: PointTable,
  options: TableOptions,
): string[] {
  const table = tableOf('points', points, [
    textColumn<PointRow>('', title),
    numberColumn<PointRow>('trials', (row) => `${row.completed}/${row.planned}`),
    ...challengers.flatMap((name) => [
      numberColumn<PointRow>(`${name} - ${baseline}`, ({ delta }) =>
        signed(decimal(delta[name]?.mean)),
      ),
      numberColumn<PointRow>('sd', ({ delta }) => decimal(delta[name]?.sd)),
      numberColumn<PointRow>('n', ({ delta }) => delta[name]?.n ?? 0),
    ]),
    textColumn<PointRow>('failures', failureText),
  ]);
  const lead =
    best === undefined
      ? []
      : [cleanText(`Furthest ahead: ${best.challenger} at ${title(points[best.index]!)}`)];
  return [`${metric.name}, challenger - baseline`, ...textTable(table, options), ...lead];
}

function title({ label }: PointRow): string {
  return label === '' ? 'all trials' : label;
}

function failureText({ failures }: PointRow): string {
  return Object.entries(failures)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}

function decimal(value: number | null | undefined): string {
  return typeof value === 'number' ? value.toFixed(5) : '-';
}
