import { hasEarlyStops, pointRecords } from '../report/point-table-text.js';
import type { StepRange } from '../report/early-stops.js';
import type { PointTable } from '../report/point-table.js';
import { csv } from './csv.js';
import { writeParquet } from './parquet.js';
import { pointCells, pointColumns } from './table.js';
import type { Column, Row, Table } from './table.js';

/** A run's points as CSV; see {@link pointsTable}. */
export function pointsCsv(table: PointTable): string {
  const { columns, rows } = pointsTable(table);
  const names = columns.map(({ name }) => name);
  return csv([names, ...rows.map((row) => names.map((name) => row[name]))]);
}

/** A run's points as Parquet; see {@link pointsTable}. */
export async function writePointsParquet(path: string, table: PointTable): Promise<void> {
  await writeParquet(path, pointsTable(table));
}

/**
 * A row for each point and variant: the swept paths, `planned` and `completed` trials, `metric`, `variant`
 * and its `n`, `mean` and `sd`; then the `baseline` and, of a challenger, the `pairs` with it and the mean and
 * SD of their differences, `delta` and `deltaSd`. With early stopping also in how many trials the variant
 * `stoppedEarly` or `usedAllSteps`, and the median, least and greatest `lastStep` of those that stopped early
 * and `bestStep` of all. Of a race also the seeds that the point had been `droppedAfter`, and `droppedBecause`.
 */
function pointsTable(table: PointTable): Table<Row[]> {
  const swept = pointColumns(table.points);
  const columns: Column[] = [
    ...swept,
    ...['planned', 'completed'].map((name) => ({ name, type: 'integer' as const })),
    ...['metric', 'variant'].map((name) => ({ name, type: 'text' as const })),
    { name: 'n', type: 'integer' },
    ...['mean', 'sd'].map((name) => ({ name, type: 'real' as const })),
    { name: 'baseline', type: 'text' },
    { name: 'pairs', type: 'integer' },
    ...['delta', 'deltaSd'].map((name) => ({ name, type: 'real' as const })),
    ...(hasEarlyStops(table.points) ? stopColumns : []),
    ...(table.race ? raceColumns : []),
  ];
  const rows = pointRecords(table).map(({ row, variant, own, delta, stops }): Row => {
    const { planned, completed } = row;
    return {
      ...pointCells(swept, row.point),
      ...{ planned, completed, metric: table.metric.name, variant, baseline: table.baseline },
      ...{ n: own.n, mean: own.mean ?? undefined, sd: own.sd ?? undefined },
      ...{ pairs: delta?.n, delta: delta?.mean ?? undefined, deltaSd: delta?.sd ?? undefined },
      ...{ stoppedEarly: stops?.stoppedEarly, usedAllSteps: stops?.usedAllSteps },
      ...rangeCells('lastStep', stops?.lastStep),
      ...rangeCells('bestStep', stops?.bestStep),
      ...{ droppedAfter: row.dropped?.seeds, droppedBecause: row.dropped?.because },
    };
  });
  return { columns, rows };
}

const stopColumns: readonly Column[] = [
  ...['stoppedEarly', 'usedAllSteps'].map((name) => ({ name, type: 'integer' as const })),
  ...['lastStep', 'bestStep'].flatMap((name): Column[] => [
    { name, type: 'real' },
    { name: `${name}Min`, type: 'integer' },
    { name: `${name}Max`, type: 'integer' },
  ]),
];

const raceColumns: readonly Column[] = [
  { name: 'droppedAfter', type: 'integer' },
  { name: 'droppedBecause', type: 'text' },
];

function rangeCells(name: string, range: StepRange | null | undefined): Row {
  return { [name]: range?.median, [`${name}Min`]: range?.min, [`${name}Max`]: range?.max };
}
