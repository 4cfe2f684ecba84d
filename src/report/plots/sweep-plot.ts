import type { TopLevelSpec } from 'vega-lite';
import { effectUnit, formatterFor } from '../../statistics/format-effect.js';
import { effectText, verdictInterval } from '../effect-text.js';
import type { ReportComparison } from '../report-schema.js';
import { typographic } from '../html/table.js';
import {
  comparisonsRange,
  ink,
  noDifference,
  numberLabel,
  plotConfig,
  quantityAxis,
  seriesColor,
  vegaLiteSchema,
} from './theme.js';

/** So many swept values are named on the axis themselves. */
export const mostTicks = 8;

/** A comparison at a point of the sweep. */
export interface SweepRow {
  /** By configuration path. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly label: string;
  readonly comparison: ReportComparison;
}

export interface SweepAxis {
  readonly path: string;
  /** What the axis is called. */
  readonly name: string;
  /** How its values are written. */
  readonly text: (value: unknown) => string;
}

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

/** The difference against one swept parameter, one mark with its interval a point. */
export function sweepPlot(
  rows: readonly SweepRow[],
  axis: SweepAxis,
  size: PlotSize,
): TopLevelSpec {
  const { factor, phrase } = effectUnit(rows[0]!.comparison.metric);
  const { within } = comparisonsRange(rows.map(({ comparison }) => comparison));
  const marks = rows.flatMap(({ values: point, label, comparison }): ParameterMark[] => {
    const { values: means, verdict } = comparison;
    if (!means.difference.computable) return [];
    const mean = means.difference.mean * factor;
    const interval = verdictInterval(comparison);
    return [
      {
        value: point[axis.path],
        mean,
        low: interval ? within(interval.low) * factor : mean,
        high: interval ? within(interval.high) * factor : mean,
        color: `var(--${verdict.decision})`,
        tip: `${label}: ${effectText(comparison)}; ${verdict.decision}`,
      },
    ];
  });
  const plot = parameterPlot(marks, axis, { ...size, yTitle: `difference, ${phrase}`, zero: true });
  return { ...plot, layer: [noDifference('y'), ...plot.layer] };
}

/** Each variant's own value against one swept parameter, with its SD over the seeds. */
export function valuesPlot(
  rows: readonly SweepRow[],
  axis: SweepAxis,
  { series, ...size }: PlotSize & { readonly series: (side: string | undefined) => number },
): TopLevelSpec {
  const { factor, metric, values: unit } = effectUnit(rows[0]!.comparison.metric);
  const sides = rows.flatMap((row, index) => {
    const first = rows.findIndex(({ comparison }) => comparison.point === row.comparison.point);
    // Every comparison of a point has the same baseline.
    const both =
      first === index ? (['baseline', 'challenger'] as const) : (['challenger'] as const);
    return both.map((side) => ({ ...row, side }));
  });
  const marks = sides.flatMap(({ values: point, comparison, label, side }): ParameterMark[] => {
    const summary = comparison.values[side];
    if (!summary.computable) return [];
    const [mean, sd] = [summary.mean * factor, (summary.sd ?? 0) * factor];
    const format = formatterFor(sd, [mean]);
    const variant = side === 'baseline' ? undefined : comparison.challenger;
    return [
      {
        value: point[axis.path],
        ...{ mean, low: mean - sd, high: mean + sd },
        color: seriesColor(series(variant)),
        tip: `${label}: ${comparison.labels[side]} ${format(mean)} ± ${format(sd)}`,
      },
    ];
  });
  return parameterPlot(marks, axis, { ...size, yTitle: `${metric}${unit}`, zero: false });
}

/** A mark with a line from low to high. */
interface ParameterMark {
  /** Of the swept parameter. */
  readonly value: unknown;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly color: string;
  readonly tip: string;
}

function parameterPlot(
  given: readonly ParameterMark[],
  axis: SweepAxis,
  { width, height, yTitle, zero }: PlotSize & { readonly yTitle: string; readonly zero: boolean },
) {
  const numbers = given.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
  const numeric = numbers.length === given.length;
  const aside = sideBySide(given.map(({ value }) => value));
  const marks = given.map(({ value, ...mark }, index) => {
    return { ...mark, parameter: numeric ? value : axis.text(value), aside: aside[index]! };
  });
  const ticks = [...new Set(numbers)].sort((a, b) => a - b);
  const x = numeric
    ? {
        field: 'parameter',
        type: 'quantitative' as const,
        title: axis.name,
        scale: { ...scaleOf(numbers), padding: 14 },
        axis: {
          ...{ grid: false, labelOverlap: true },
          ...(ticks.length <= mostTicks
            ? { values: ticks, labelExpr: textsExpression(ticks, axis) }
            : { tickCount: 5, labelExpr: numberLabel }),
        },
      }
    : {
        field: 'parameter',
        type: 'ordinal' as const,
        title: axis.name,
        sort: null,
        axis: { labelAngle: 0, grid: false },
      };
  const y = (field: string) => quantityAxis(field, yTitle, zero);
  const color = { field: 'color', type: 'nominal' as const, scale: null };
  const xOffset = { expr: 'datum.aside' };
  return {
    $schema: vegaLiteSchema,
    width,
    height,
    data: { values: marks },
    layer: [
      {
        mark: { type: 'rule' as const, strokeWidth: 1.5, opacity: 0.6, aria: false, xOffset },
        encoding: { x, y: y('low'), y2: { field: 'high' }, color },
      },
      {
        mark: { type: 'point' as const, filled: true, size: 70, opacity: 0.9, xOffset },
        encoding: { x, y: y('mean'), color, description: { field: 'tip' } },
      },
    ],
    config: plotConfig,
  };
}

/** Pixels that marks of one parameter's value may stand aside of it, so that none hides another. */
const widestAside = 12;

/** How far aside each mark stands, in pixels; marks of the same value from left to right. */
function sideBySide(parameters: readonly unknown[]): number[] {
  const counts = new Map<unknown, number>();
  for (const parameter of parameters) counts.set(parameter, (counts.get(parameter) ?? 0) + 1);
  const placed = new Map<unknown, number>();
  return parameters.map((parameter) => {
    const index = placed.get(parameter) ?? 0;
    placed.set(parameter, index + 1);
    const others = counts.get(parameter)! - 1;
    return others === 0 ? 0 : Math.min(7, (2 * widestAside) / others) * (index - others / 2);
  });
}

/** The mean difference over two swept parameters: stronger colour, larger difference. */
export function heatMap(
  rows: readonly SweepRow[],
  [across, up]: readonly [SweepAxis, SweepAxis],
  { width, height }: { readonly width: number; readonly height: number },
): TopLevelSpec {
  const { metric, direction } = rows[0]!.comparison;
  const { factor, phrase } = effectUnit(metric);
  const cells = new Map<string, { x: unknown; y: unknown; effects: number[] }>();
  for (const { values, comparison } of rows) {
    const { difference } = comparison.values;
    if (!difference.computable) continue;
    const [x, y] = [values[across.path], values[up.path]];
    const key = JSON.stringify([x, y]);
    const cell = cells.get(key) ?? { x, y, effects: [] };
    cell.effects.push(difference.mean * factor);
    cells.set(key, cell);
  }
  const means = [...cells.values()].map(({ x, y, effects }) => ({
    x: across.text(x),
    y: up.text(y),
    effect: effects.reduce((sum, effect) => sum + effect, 0) / effects.length,
  }));
  const most = Math.max(...means.map(({ effect }) => Math.abs(effect)), Number.MIN_VALUE);
  const format = formatterFor(most / 20, [most]);
  const values = means.map(({ x, y, effect }) => ({
    x,
    y,
    text: typographic(format(effect)),
    color: effect > 0 === (direction === 'higher') ? 'var(--better)' : 'var(--worse)',
    // Half of the colour at most leaves the numbers on it readable.
    strength: (0.5 * Math.abs(effect)) / most,
    tip: `${across.name} ${x}, ${up.name} ${y}: ${format(effect)} ${phrase}`,
  }));
  const ordered = (axis: SweepAxis) => sortedTexts(rows, axis);
  const position = {
    x: {
      field: 'x',
      type: 'ordinal' as const,
      title: across.name,
      sort: ordered(across),
      axis: { labelAngle: 0, labelOverlap: true },
    },
    y: { field: 'y', type: 'ordinal' as const, title: up.name, sort: ordered(up).reverse() },
  };
  return {
    $schema: vegaLiteSchema,
    width,
    height,
    data: { values },
    layer: [
      {
        mark: { type: 'rect', stroke: 'var(--surface)', strokeWidth: 2 },
        encoding: {
          ...position,
          fill: { field: 'color', type: 'nominal', scale: null },
          fillOpacity: { field: 'strength', type: 'quantitative', scale: null, legend: null },
          description: { field: 'tip' },
        },
      },
      {
        mark: { type: 'text', fill: ink, aria: false },
        encoding: { ...position, text: { field: 'text' } },
      },
    ],
    config: plotConfig,
  };
}

/** Positive values over a decade or more belong on a logarithmic axis. */
export function scaleOf(values: readonly number[]) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low > 0 && high / low >= 10
    ? { type: 'log' as const, nice: false }
    : { zero: false, nice: false };
}

/** An expression that gives each of the numbers its text. */
function textsExpression(numbers: readonly number[], { text }: SweepAxis): string {
  const texts = Object.fromEntries(numbers.map((number) => [String(number), text(number)]));
  return `(${JSON.stringify(texts)})[datum.value]`;
}

/** The texts of a path's values, numbers in their order, others as they come. */
export function sortedTexts(rows: readonly SweepRow[], { path, text }: SweepAxis): string[] {
  const texts = new Map(rows.map(({ values }) => [text(values[path]), values[path]] as const));
  const entries = [...texts];
  if (entries.every(([, value]) => typeof value === 'number')) {
    entries.sort(([, a], [, b]) => (a as number) - (b as number));
  }
  return entries.map(([text]) => text);
}
