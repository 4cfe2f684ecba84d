/** Points in the order of x; those that are not finite or (on a log scale) not positive are left out. */
export interface PlotSeries {
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Draws only every other cell, to be distinguishable without colours. */
  readonly isDashed?: boolean;
}

/** The values at the edges of a plot, and the scale between them. */
export interface PlotRange {
  readonly x: readonly [least: number, most: number];
  /** On a logarithmic scale both above 0. */
  readonly y: readonly [least: number, most: number];
  readonly scale: 'linear' | 'log';
}

/** One cell: its character, and the index of the series drawn last in it, or undefined where none is. */
export interface PlotCell {
  readonly character: string;
  readonly series: number | undefined;
}

/** Bits of a braille cell's dots, by row and column (Unicode 15, block U+2800). */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/**
 * Curves in braille characters, two by four dots a cell.
 * @returns exactly `height` rows of exactly `width` cells
 */
export function braillePlot(
  series: readonly PlotSeries[],
  range: PlotRange,
  { width, height }: { readonly width: number; readonly height: number },
): readonly (readonly PlotCell[])[] {
  const bits = new Uint8Array(width * height);
  const owners = new Int16Array(width * height).fill(-1);
  const [left, right] = [0, 2 * width - 1];
  const bottom = 4 * height - 1;
  const column = (value: number) => place(value, range.x, right);
  const row = (value: number) => dotRow(value, range, height);

  const set = (owner: number, atX: number, atY: number) => {
    if (atX < left || atX > right || atY < 0 || atY > bottom) return;
    const cell = (atY >> 2) * width + (atX >> 1);
    bits[cell] = (bits[cell] ?? 0) | (dots[atY & 3]?.[atX & 1] ?? 0);
    owners[cell] = owner;
  };
  series.forEach(({ points, isDashed }, owner) => {
    let from: readonly [number, number] | undefined;
    for (const [px, py] of points) {
      const isDrawn = Number.isFinite(px) && hasPlace(py, range);
      // A value without a place breaks the curve, so that gaps stay visible.
      const to = isDrawn ? ([column(px), row(py)] as const) : undefined;
      if (to !== undefined)
        drawLine(from ?? to, to, (atX, atY) => {
          if (isDashed !== true || (atX & 3) < 2) set(owner, atX, atY);
        });
      from = to;
    }
  });
  return Array.from({ length: height }, (_, line) =>
    Array.from({ length: width }, (_, at): PlotCell => {
      const cell = line * width + at;
      const owner = owners[cell] ?? -1;
      return {
        character: owner < 0 ? ' ' : String.fromCodePoint(0x2800 + (bits[cell] ?? 0)),
        series: owner < 0 ? undefined : owner,
      };
    }),
  );
}

/** The row of cells that a value is drawn in, from the top; undefined where it has no place in the range. */
export function plotRow(value: number, range: PlotRange, height: number): number | undefined {
  if (!hasPlace(value, range)) return undefined;
  const row = dotRow(value, range, height) >> 2;
  return row >= 0 && row < height ? row : undefined;
}

function dotRow(value: number, { y, scale }: PlotRange, height: number): number {
  const on = scale === 'linear' ? (at: number) => at : Math.log;
  const bottom = 4 * height - 1;
  return bottom - place(on(value), [on(y[0]), on(y[1])], bottom);
}

function hasPlace(value: number, { scale }: PlotRange): boolean {
  return Number.isFinite(value) && (scale === 'linear' || value > 0);
}

/** @returns a whole number; 0 to `most` within the range, clamped one dot outside of it */
function place(value: number, [least, greatest]: readonly [number, number], most: number): number {
  const share = greatest > least ? (value - least) / (greatest - least) : 0.5;
  return Math.min(most + 1, Math.max(-1, Math.round(share * most)));
}

/** Every dot from one to another, both included. */
function drawLine(
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  set: (x: number, y: number) => void,
): void {
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
  for (let step = 0; step <= steps; step += 1) {
    const share = steps === 0 ? 0 : step / steps;
    set(Math.round(x0 + share * (x1 - x0)), Math.round(y0 + share * (y1 - y0)));
  }
}
