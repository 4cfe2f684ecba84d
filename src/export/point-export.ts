import type { PointTable } from '../report/point-table.js';
import { writeParquet } from './parquet.js';
import { pointCells, pointColumns } from './table.js';
import type { Column, Row } from './table.js';

/**
 * Writes a run's points as Parquet, a row for each point and challenger: the swept paths, `planned` and
 * `completed` trials, `metric`, `baseline`, `challenger`, and of their difference `n`, `mean` and `sd`.
 */
export async function writePointsParquet(path: string, table: PointTable): Promise<void> {
  const columns: Column[] = [
    ...pointColumns(table.points),
    ...['planned', 'completed'].map((name) => ({ name, type: 'integer' as const })),
    ...['metric', 'baseline', 'challenger'].map((name) => ({ name, type: 'text' as const })),
    { name: 'n', type: 'integer' },
    ...['mean', 'sd'].map((name) => ({ name, type: 'real' as const })),
  ];
  await writeParquet(path, columns, rowsOf(table));
}

// eslint-disable-next-line @typescript-eslint/require-await -- tables are written from streams
async function* rowsOf({ metric, baseline, challengers, points }: PointTable): AsyncGenerator<Row> {
  const columns = pointColumns(points);
  for (const { point, planned, completed, delta } of points) {
    for (const challenger of challengers) {
      const { n, mean, sd } = delta[challenger]!;
      const named = { metric: metric.name, baseline, challenger };
      const measured = { n, mean: mean ?? undefined, sd: sd ?? undefined };
      yield { ...pointCells(columns, point), planned, completed, ...named, ...measured };
    }
  }
}
