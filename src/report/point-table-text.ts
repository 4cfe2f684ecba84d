import type { PointDelta, PointRow, PointTable } from './point-table.js';
import { renderTable } from '../text/table.js';
import type { TableOptions } from '../text/table.js';

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
  const titles = [
    'trials',
    ...challengers.flatMap((name) => [`${name} - ${baseline}`, 'sd', 'n']),
    'failures',
  ];
  const rows = points.map((row) => ({
    title: title(row),
    cells: [
      `${row.completed}/${row.planned}`,
      ...challengers.flatMap((name) => deltaCells(row.delta[name])),
      failureText(row),
    ],
  }));
  const lead =
    best === undefined
      ? []
      : [`Furthest ahead: ${best.challenger} at ${title(points[best.index]!)}`];
  return [`${metric.name}, challenger - baseline`, ...renderTable(titles, rows, options), ...lead];
}

function title({ label }: PointRow): string {
  return label === '' ? 'all trials' : label;
}

function deltaCells(delta: PointDelta | undefined): string[] {
  return [signed(delta?.mean), decimal(delta?.sd), String(delta?.n ?? 0)];
}

function failureText({ failures }: PointRow): string {
  return Object.entries(failures)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}

function signed(value: number | null | undefined): string {
  if (typeof value !== 'number') return '-';
  return `${value >= 0 ? '+' : ''}${value.toFixed(5)}`;
}

function decimal(value: number | null | undefined): string {
  return typeof value === 'number' ? value.toFixed(5) : '-';
}
