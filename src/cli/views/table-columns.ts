import { gap } from './lines.js';
import type { Segment } from './lines.js';
import { cleanText, fitText, padEnd, padStart, textWidth } from '../../text/text.js';

/** A column of a table that is redrawn: its width does not depend on its cells. */
export interface Column<Item> {
  readonly title: string;
  /** Cells of the terminal. */
  readonly width: number;
  /** Texts are aligned left, numbers right. */
  readonly isText?: boolean;
  readonly cell: (item: Item) => Segment;
}

/** A column as wide as its title, cut to `most` cells, and at least as `width`. */
export function titledColumn<Item>(
  title: string,
  { width, most, isText }: { width: number; most: number; isText?: boolean },
  cell: Column<Item>['cell'],
): Column<Item> {
  const fitted = fitText(cleanText(title), most);
  return {
    title: fitted,
    width: Math.max(width, textWidth(fitted)),
    ...(isText !== undefined && { isText }),
    cell,
  };
}

/** The first columns, as many as there is room for. @param room cells of the terminal */
export function fittingColumns<Item>(
  columns: readonly Column<Item>[],
  room: number,
): readonly Column<Item>[] {
  let used = -gap.text.length;
  const end = columns.findIndex(({ width }) => (used += gap.text.length + width) > room);
  return end === -1 ? columns : columns.slice(0, end);
}

/** The titles of the columns in one line. */
export function headText<Item>(columns: readonly Column<Item>[]): string {
  return columns.map((column) => aligned(column.title, column)).join(gap.text);
}

/** The cells of an item. */
export function rowSegments<Item>(item: Item, columns: readonly Column<Item>[]): Segment[] {
  return columns.flatMap((column, index) => {
    const { text, paint } = column.cell(item);
    return [...(index > 0 ? [gap] : []), { text: aligned(text, column), paint }];
  });
}

function aligned(text: string, { width, isText }: Pick<Column<never>, 'width' | 'isText'>): string {
  return isText === true ? padEnd(text, width) : padStart(text, width);
}
