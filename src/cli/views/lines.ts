import type picocolors from 'picocolors';
import type { Segment } from './segments.js';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** A line and how early it goes when rows are few: the highest goes first. */
export interface Line {
  readonly segments: readonly Segment[];
  readonly rank: number;
}

export const gap: Segment = { text: '  ' };

const maximalBar = 60;

/** As many of the lines as there are rows, in their order. */
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
