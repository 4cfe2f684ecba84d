import type { Colors } from '../views/lines.js';
import type { Segment } from '../views/lines.js';
import { cleanText, fitText, padEnd, padStart, textWidth } from '../../text/text.js';
import { axisTicks, rangeOf, tickText } from './axis.js';
import { braillePlot, plotRow } from './braille-plot.js';
import type { PlotCell, PlotRange } from './braille-plot.js';
import type { Measure, RunState, TrialState } from '../../live/state.js';
import { metricKind } from '../../metrics/registry.js';
import { curvePoints, emptyCurve, lastPoint } from '../../live/curve.js';

export interface PaneOptions {
  /** Cells of a line. */
  readonly columns: number;
  /** Lines of the pane. */
  readonly rows: number;
  readonly colors: Colors;
}

const tickWidth = 7;
const maximalLabel = 12;

/** How the variant at a place of the configuration's order is coloured. */
function variantPaint(index: number, colors: Colors): (text: string) => string {
  const paints = [colors.cyan, colors.yellow, colors.magenta, colors.green, colors.blue];
  return paints[index % paints.length]!;
}

/**
 * A trial's curves of one measure, on the scale of its metric: every variant's label stands beside
 * its last value, and without colours all but the first variant's curves are dashed.
 * @returns `rows` lines; the last is the x axis
 */
export function plotPane(
  { variants }: Pick<RunState, 'variants'>,
  trial: TrialState,
  { key, metric }: Measure,
  { columns, rows, colors }: PaneOptions,
): Segment[][] {
  const height = rows - 1;
  const labelWidth = Math.min(
    maximalLabel,
    Math.max(...variants.map(({ label }) => textWidth(cleanText(label)))),
  );
  const width = columns - tickWidth - 2 - 1 - labelWidth;
  const curves = variants.map(({ name }) => trial.curves[key]?.[name] ?? emptyCurve);
  const series = curves.map((curve, index) => ({
    points: curvePoints(curve),
    isDashed: !colors.isColorSupported && index > 0,
  }));
  const range = rangeOf(
    series.map(({ points }) => points),
    metricKind(metric).scale,
  );
  if (range === undefined) return emptyPane(trial, columns, rows, colors);

  const ticks = rowTexts(
    axisTicks(range).map((value) => ({
      row: plotRow(value, range, height),
      text: tickText(value),
    })),
    height,
  );
  const labels = endLabels(
    curves.map((curve) => lastPoint(curve)?.value ?? NaN),
    range,
    height,
  );
  const cells = braillePlot(series, range, { width, height });
  const lines = cells.map((row, at): Segment[] => {
    const label = labels[at];
    const tick = ticks[at];
    return [
      { text: padStart(tick ?? '', tickWidth), paint: colors.dim },
      { text: tick === undefined ? ' │' : ' ┤', paint: colors.dim },
      ...curveSegments(row, colors),
      { text: ' ' },
      ...(label === undefined
        ? []
        : [
            {
              text: fitText(cleanText(variants[label]!.label), labelWidth),
              paint: variantPaint(label, colors),
            },
          ]),
    ];
  });
  return [...lines, [{ text: xAxis(range, width), paint: colors.dim }]];
}

function emptyPane({ phase }: TrialState, columns: number, rows: number, { dim }: Colors) {
  const text = phase === 'planned' ? 'has not begun' : 'nothing to draw yet';
  return Array.from({ length: rows }, (_, at): Segment[] =>
    at === rows >> 1
      ? [{ text: ' '.repeat(Math.max(0, (columns - text.length) >> 1)) }, { text, paint: dim }]
      : [],
  );
}

function xAxis({ x: [first, last] }: PlotRange, width: number): string {
  const [left, right] = [String(first), `step ${last}`];
  return `${' '.repeat(tickWidth)} └${padEnd(left, width - right.length)}${right}`;
}

/** A text for each row; of several that fall into one, the first. */
function rowTexts(
  texts: readonly { readonly row: number | undefined; readonly text: string }[],
  height: number,
): (string | undefined)[] {
  const rows = Array<string | undefined>(height).fill(undefined);
  for (const { row, text } of texts) if (row !== undefined) rows[row] ??= text;
  return rows;
}

/** By row the place of the variant whose label stands in it: its last value's, or the nearest free one. */
function endLabels(
  values: readonly number[],
  range: PlotRange,
  height: number,
): (number | undefined)[] {
  const rows = Array<number | undefined>(height).fill(undefined);
  const order = values
    .map((value, variant) => ({ value, variant, row: plotRow(value, range, height) }))
    .filter(({ row }) => row !== undefined)
    .sort((a, b) => b.value - a.value);
  for (const { variant, row } of order) {
    // Below first: the labels above have been set already, in the order of their values.
    for (let away = 0; away < height; away += 1) {
      const free = [row! + away, row! - away].find(
        (at) => at >= 0 && at < height && rows[at] === undefined,
      );
      if (free === undefined) continue;
      rows[free] = variant;
      break;
    }
  }
  return rows;
}

function curveSegments(cells: readonly PlotCell[], colors: Colors): Segment[] {
  const segments: { text: string; readonly series: PlotCell['series'] }[] = [];
  for (const { character, series } of cells) {
    const last = segments.at(-1);
    if (last !== undefined && last.series === series) last.text += character;
    else segments.push({ text: character, series });
  }
  return segments.map(({ text, series }) => ({
    text,
    paint: series === undefined ? undefined : variantPaint(series, colors),
  }));
}
