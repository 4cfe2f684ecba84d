import type { Config } from 'vega-lite';
import { verdictInterval } from '../effect-text.js';
import type { ReportComparison } from '../report-schema.js';

/** How many colours the page defines for variants; more of them start over. */
const colors = 7;

/** Plots name the page's colours, so that one drawing serves light and dark, screen and paper. */
export function seriesColor(index: number): string {
  return `var(--series-${(index % colors) + 1})`;
}

export const ink = 'var(--ink)';
export const muted = 'var(--muted)';
export const surface = 'var(--surface)';
export const zone = 'var(--zone)';

/** Common to all plots of the page. */
export const plotConfig: Config = {
  font: 'Arial, Helvetica, sans-serif',
  background: 'transparent',
  padding: 2,
  autosize: { type: 'fit', contains: 'padding' },
  axis: {
    aria: false,
    labelFontSize: 12,
    titleFontSize: 12.5,
    titleFontWeight: 'normal',
    titlePadding: 8,
    gridColor: 'var(--grid)',
    domainColor: 'var(--line)',
    tickColor: 'var(--line)',
    labelColor: muted,
    titleColor: muted,
    labelLimit: 220,
  },
  text: { fontSize: 12, fill: ink },
  view: { stroke: null },
};

export const vegaLiteSchema = 'https://vega.github.io/schema/vega-lite/v6.json';

/**
 * How an axis writes its numbers. Its `format` would be given the digits that its step has, with which 16
 * and 20 read 2e+1.
 */
export const numberLabel = "format(datum.value, '~g')";

/** A measured quantity along an axis. @param zero whether 0 is on it */
export function quantityAxis(field: string, title: string, zero: boolean) {
  return {
    field,
    type: 'quantitative' as const,
    title,
    scale: { zero, nice: true },
    axis: { tickCount: 6, labelExpr: numberLabel },
  };
}

/** Steps along the x axis of a plot `width` pixels wide. */
export function stepAxis(width: number) {
  return {
    field: 'step',
    type: 'quantitative' as const,
    title: 'step',
    scale: { nice: false, zero: false },
    axis: { format: ',d', tickMinStep: 1, tickCount: Math.ceil(width / 90), grid: false },
  };
}

/** The line of no difference, across the plot of differences on the axis given. */
export function noDifference(axis: 'x' | 'y') {
  return {
    data: { values: [{ zero: 0 }] },
    mark: { type: 'rule' as const, stroke: ink, strokeDash: [4, 3], aria: false },
    encoding: { [axis]: { field: 'zero', type: 'quantitative' as const } },
  };
}

/** Pixels a character of an axis title takes, about. */
const characterWidth = 6.5;

/**
 * What an axis of differences is called: by the variants' labels where they fit along it, otherwise
 * by their roles, as a title that is longer than its axis pushes the plot aside.
 * @param unit what follows the name, see `effectUnit`
 * @param room pixels along the axis
 */
export function differenceTitle(
  { challenger, baseline }: { readonly challenger: string; readonly baseline: string },
  unit: string,
  room: number,
): string {
  const named = `${challenger} − ${baseline}${unit}`;
  const fits = Array.from(named).length * characterWidth <= room;
  return fits ? named : `challenger − baseline${unit}`;
}

/** For a caption, where {@link DrawnRange} is cut. */
export const cutNote = 'Intervals of so few seeds go on outside the drawing.';

/** What of an axis of differences is drawn. */
export interface DrawnRange {
  /** The value, or the end of the axis that it is beyond. */
  readonly within: (value: number) => number;
  /** Whether an interval goes on outside. */
  readonly cut: boolean;
}

/**
 * 0, the differences, and as much of their intervals as leaves those at least a third of the axis: an
 * interval of two seeds may be a thousand times as wide, and would make a flat line of everything.
 * @param ends of the intervals
 */
export function drawnRange(
  differences: readonly (number | null)[],
  ends: readonly (number | null)[],
): DrawnRange {
  const least = (all: readonly (number | null)[]) =>
    all.reduce<number>((a, b) => Math.min(a, b ?? 0), 0);
  const most = (all: readonly (number | null)[]) =>
    all.reduce<number>((a, b) => Math.max(a, b ?? 0), 0);
  const [bottom, top] = [least(differences), most(differences)];
  const room = top - bottom;
  // Where all differences are 0 there is nothing to flatten.
  if (room === 0) return { within: (value) => value, cut: false };
  return {
    within: (value) => Math.max(bottom - room, Math.min(top + room, value)),
    cut: least(ends) < bottom - room || most(ends) > top + room,
  };
}

/** The same for the mean differences of several comparisons. */
export function comparisonsRange(comparisons: readonly ReportComparison[]): DrawnRange {
  return drawnRange(
    comparisons.map(({ values: { difference } }) =>
      difference.computable ? difference.mean : null,
    ),
    comparisons.flatMap((comparison) => {
      const interval = verdictInterval(comparison);
      return interval === null ? [] : [interval.low, interval.high];
    }),
  );
}
