import type { PointTable } from './point-table.js';

/** A line a point and challenger, with a column for every parameter of the sweep (RFC 4180). */
export function pointTableCsv({ metric, baseline, challengers, points }: PointTable): string {
  const parameters = [...new Set(points.flatMap(({ point }) => Object.keys(point)))];
  const fixed = ['planned', 'completed', 'metric', 'baseline', 'challenger', 'n', 'mean', 'sd'];
  const lines = points.flatMap(({ point, planned, completed, delta }) =>
    challengers.map((name) => {
      const { n, mean, sd } = delta[name]!;
      const values = parameters.map((path) => point[path]);
      return [...values, planned, completed, metric.name, baseline, name, n, mean, sd];
    }),
  );
  return [[...parameters, ...fixed], ...lines]
    .map((cells) => `${cells.map(cell).join(',')}\r\n`)
    .join('');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
