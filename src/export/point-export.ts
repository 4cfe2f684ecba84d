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
 * A row for each point and challenger: the swept paths, `planned` and `completed` trials, `metric`,
 * `baseline`, `challenger`, and of their difference `n`, `mean` and `sd`.
 */
function pointsTable({ metric, baseline, challengers, points }: PointTable): Table<Row[]> {
  const swept = pointColumns(points);
  const columns: Column[] = [
    ...swept,
    ...['planned', 'completed'].map((name) => ({ name, type: 'integer' as const })),
    ...['metric', 'baseline', 'challenger'].map((name) => ({ name, type: 'text' as const })),
    { name: 'n', type: 'integer' },
    ...['mean', 'sd'].map((name) => ({ name, type: 'real' as const })),
  ];
  const rows = points.flatMap(({ point, planned, completed, delta }) =>
    challengers.map((challenger) => {
      const { n, mean, sd } = delta[challenger]!;
      const named = { metric: metric.name, baseline, challenger };
      const measured = { n, mean: mean ?? undefined, sd: sd ?? undefined };
      return { ...pointCells(swept, point), planned, completed, ...named, ...measured };
    }),
  );
  return { columns, rows };
}
