import type picocolors from 'picocolors';
import { fitText, textWidth } from '../../text/text.js';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** A piece of a line and its colour; the text itself holds no escape codes. */
export interface Segment {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}

/** A line and its rank: where rows are few, the line of the highest rank is dropped first. */
export interface Line {
  readonly segments: readonly Segment[];
  readonly rank: number;
}

export const gap: Segment = { text: '  ' };

const maximalBar = 60;

/** The segments as one line, cut to at most `columns` cells. */
export function paintLine(segments: readonly Segment[], columns: number): string {
  let room = columns;
  let line = '';
  for (const { text, paint } of segments) {
    const shown = fitText(text, room);
    line += paint ? paint(shown) : shown;
    room -= textWidth(shown);
    if (shown !== text) break;
  }
  return line;
}

/** As many lines as there are rows, in their order. */
export function fitRows(lines: readonly Line[], rows: number): readonly Line[] {
  const byRank = lines.map((line, index) => ({ line, index }));
  byRank.sort((a, b) => a.line.rank - b.line.rank || a.index - b.index);
  const kept = new Set(byRank.slice(0, rows).map(({ index }) => index));
  return lines.filter((_, index) => kept.has(index));
}

/** A bar as wide as there is room beside its text. @param done fraction in [0, 1] */
export function progressBar(done: number, text: string, columns: number, colors: Colors) {
  const width = Math.max(0, Math.min(maximalBar, columns - text.length - 2));
  const full = Math.min(width, Math.floor(done * width));
  const segments: Segment[] = [
    { text: '━'.repeat(full), paint: colors.cyan },
    { text: '─'.repeat(width - full), paint: colors.dim },
    ...(width > 0 ? [gap] : []),
    { text },
  ];
  return segments;
}
