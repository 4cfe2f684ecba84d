import { stringify } from 'csv-stringify/sync';
import type { Cell, Column, Row } from './table.js';

/** Rows that are spelled at a time. */
const batch = 1000;

/**
 * A table as CSV (RFC 4180 but for `\n` line ends), piece by piece: a header, nothing where there is no
 * value, `NaN` and `Infinity` as such, numbers with all the digits that give them back.
 */
export async function* csvPieces(
  columns: readonly Column[],
  rows: AsyncIterable<Row> | Iterable<Row>,
): AsyncGenerator<string> {
  const names = columns.map(({ name }) => name);
  let cells: Cell[][] = [names];
  for await (const row of rows) {
    cells.push(names.map((name) => row[name]));
    if (cells.length < batch) continue;
    yield csv(cells);
    cells = [];
  }
  yield csv(cells);
}

/** Lines of cells, each with its line end. */
export function csv(lines: readonly (readonly Cell[])[]): string {
  return stringify(lines as Cell[][], { cast: { boolean: String, number: String } });
}
