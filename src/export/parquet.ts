import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import type { BasicType } from 'hyparquet-writer';
import { replaceAtomic } from '../files/write-atomic.js';
import type { Cell, Column, ColumnType, Table } from './table.js';

/** Rows that are in memory at a time. */
const rowGroupSize = 10_000;

const parquetTypes: Readonly<Record<ColumnType, BasicType>> = {
  integer: 'INT64',
  real: 'DOUBLE',
  boolean: 'BOOLEAN',
  text: 'STRING',
  json: 'STRING',
};

/** Writes a table as Parquet (Snappy), row group by row group; null where there is no value. */
export async function writeParquet(path: string, { columns, rows }: Table): Promise<void> {
  await replaceAtomic(path, async (temporary) => {
    await parquetWriteRows({
      writer: fileWriter(temporary),
      columns: columns.map(({ name, type }) => ({
        name,
        type: parquetTypes[type],
        nullable: true,
        // Of columns with NaN, a smallest and a largest value mean nothing.
        statistics: type !== 'real',
      })),
      rows: cellsOf(columns, rows),
      rowGroupSize,
    });
  });
}

async function* cellsOf(
  columns: readonly Column[],
  rows: Table['rows'],
): AsyncGenerator<Record<string, unknown>> {
  for await (const row of rows) {
    yield Object.fromEntries(columns.map(({ name, type }) => [name, parquetCell(type, row[name])]));
  }
}

function parquetCell(type: ColumnType, cell: Cell): Cell | bigint | null {
  if (cell === undefined) return null;
  return type === 'integer' ? BigInt(cell) : cell;
}
