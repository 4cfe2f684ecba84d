import { streamAtomic } from '../files/write-atomic.js';
import type { Cell, Column, Row } from './table.js';

/**
 * Writes a table as CSV (RFC 4180 but for `\n` line ends): a header, nothing where there is no value,
 * `NaN` and `Infinity` as such, numbers with all the digits that give them back.
 */
export async function writeCsv(
  path: string,
  columns: readonly Column[],
  rows: AsyncIterable<Row>,
): Promise<void> {
  await streamAtomic(path, lines(columns, rows));
}

async function* lines(
  columns: readonly Column[],
  rows: AsyncIterable<Row>,
): AsyncGenerator<string> {
  yield csvLine(columns.map(({ name }) => name));
  for await (const row of rows) yield csvLine(columns.map(({ name }) => row[name]));
}

function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvField).join(',')}\n`;
}

function csvField(cell: Cell): string {
  const text = cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
