import { cleanText, fitText, padEnd, padStart, textWidth } from './text.js';

/** How a verdict's cell stands out where there are colours. */
export type Tone = 'better' | 'worse' | 'equivalent' | 'inconclusive';

/** The text of a cell; `as` is how it looks where there are fonts and colours. May be empty. */
export type Cell = string | number | { readonly text: string; readonly as: 'code' | Tone };

export interface Column {
  readonly title: string;
  /** Numbers stand on the right, text on the left. */
  readonly kind: 'text' | 'number';
}

/** A table as data: a terminal, a page and Markdown each render it. */
export interface Table {
  /** Its title, for screen readers. */
  readonly caption: string;
  /** The first one holds the titles of the rows. */
  readonly columns: readonly Column[];
  /** A cell for each column. */
  readonly rows: readonly (readonly Cell[])[];
}

/** A column and its cell for an item. */
export interface ColumnOf<Item> extends Column {
  readonly cell: (item: Item, index: number) => Cell;
}

export function textColumn<Item>(title: string, cell: ColumnOf<Item>['cell']): ColumnOf<Item> {
  return { title, kind: 'text', cell };
}

export function numberColumn<Item>(title: string, cell: ColumnOf<Item>['cell']): ColumnOf<Item> {
  return { title, kind: 'number', cell };
}

/** A row for each item. */
export function tableOf<Item>(
  caption: string,
  items: readonly Item[],
  columns: readonly ColumnOf<Item>[],
): Table {
  return {
    caption,
    columns: columns.map(({ title, kind }) => ({ title, kind })),
    rows: items.map((item, index) => columns.map(({ cell }) => cell(item, index))),
  };
}

/** The plain text of a cell. */
export function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  return typeof cell === 'object' ? cell.text : String(cell);
}

export interface TableOptions {
  /** Cells of a line. */
  readonly columns: number;
  /** Applied to all titles. */
  readonly dim: (text: string) => string;
}

/**
 * Lines of a table for a terminal, whatever its cells contain. Where it does not fit in `columns` cells,
 * every row becomes its title and below it a line a cell.
 */
export function textTable(
  { columns, rows }: Table,
  { columns: room, dim }: TableOptions,
): string[] {
  const titles = columns.map(({ title }) => cleanText(title));
  const texts = rows.map((row) => columns.map((_, i) => cleanText(cellText(row[i]))));
  const widths = titles.map((title, i) =>
    Math.max(textWidth(title), ...texts.map((row) => textWidth(row[i]!))),
  );
  const total = widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1));
  if (total > room) return stacked(titles, texts, { columns: room, dim });
  const aligned = (text: string, i: number) =>
    columns[i]!.kind === 'text' ? padEnd(text, widths[i]!) : padStart(text, widths[i]!);
  const head = titles.map(aligned).join('  ').trimEnd();
  const lines = texts.map(([title, ...cells]) => {
    const rest = cells.map((cell, i) => `  ${aligned(cell, i + 1)}`).join('');
    return (dim(aligned(title!, 0)) + rest).trimEnd();
  });
  return head === '' ? lines : [dim(head), ...lines];
}

function stacked(
  [, ...titles]: readonly string[],
  rows: readonly (readonly string[])[],
  { columns, dim }: TableOptions,
): string[] {
  const titleWidth = Math.max(0, ...titles.map(textWidth));
  return rows.flatMap(([rowTitle = '', ...cells]) => [
    dim(fitText(rowTitle, columns)),
    ...cells.flatMap((cell, i) =>
      cell === '' ? [] : [fitText(`  ${padEnd(titles[i]!, titleWidth)}  ${cell}`, columns)],
    ),
  ]);
}
