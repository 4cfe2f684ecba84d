import { fitText, padEnd, padStart, textWidth } from './text.js';

export interface TableRow {
  readonly title: string;
  /** One for each column; empty where there is nothing to say. */
  readonly cells: readonly string[];
}

export interface TableOptions {
  readonly columns: number;
  /** Applied to the titles. */
  readonly dim: (text: string) => string;
}

/**
 * Lines of a table with titled rows and right-aligned columns. Where it does not fit in `columns`
 * cells, every row becomes its title and below it a line a cell.
 */
export function renderTable(
  titles: readonly string[],
  rows: readonly TableRow[],
  { columns, dim }: TableOptions,
): string[] {
  const titleWidth = Math.max(0, ...rows.map(({ title }) => textWidth(title)));
  const widths = titles.map((title, index) =>
    Math.max(textWidth(title), ...rows.map(({ cells }) => textWidth(cells[index] ?? ''))),
  );
  const total = widths.reduce((sum, width) => sum + 2 + width, titleWidth);
  if (total > columns) return stacked(titles, rows, columns, dim);
  const line = (cells: readonly string[]) =>
    widths.map((width, index) => `  ${padStart(cells[index] ?? '', width)}`).join('');
  return [
    dim(' '.repeat(titleWidth) + line(titles)),
    ...rows.map(({ title, cells }) => (dim(padEnd(title, titleWidth)) + line(cells)).trimEnd()),
  ];
}

function stacked(
  titles: readonly string[],
  rows: readonly TableRow[],
  columns: number,
  dim: (text: string) => string,
): string[] {
  const titleWidth = Math.max(0, ...titles.map(textWidth));
  return rows.flatMap(({ title, cells }) => [
    dim(fitText(title, columns)),
    ...cells.flatMap((cell, index) =>
      cell === ''
        ? []
        : [fitText(`  ${padEnd(titles[index] ?? '', titleWidth)}  ${cell}`, columns)],
    ),
  ]);
}
