import type { TopLevelSpec } from 'vega-lite';
import { effectUnit, formatterFor } from '../../statistics/format-effect.js';
import { typographic } from '../html/table.js';
import { effectText } from '../effect-text.js';
import { ink, muted, plotConfig, surface, vegaLiteSchema } from './theme.js';
import { mostTicks, scaleOf, sortedTexts } from './sweep-plot.js';
import type { PlotSize, SweepAxis, SweepRow } from './sweep-plot.js';

/** Where a point that does not set a parameter crosses its axis, below the others' values. */
const unsetPlace = -0.14;

/** A vertical axis: where values stand on it, from 0 at the bottom to 1, and those that are named. */
interface ParallelAxis {
  readonly name: string;
  readonly place: (row: SweepRow) => number;
  readonly ticks: readonly { readonly text: string; readonly place: number }[];
}

/**
 * Parallel coordinates: an axis for each swept parameter and one for the mean difference, and a line for each
 * comparison, coloured by its verdict.
 * @param rows of one challenger, whose differences are computable
 */
export function parallelPlot(
  rows: readonly SweepRow[],
  swept: readonly SweepAxis[],
  { width, height }: PlotSize,
): TopLevelSpec {
  const axes = [...swept.map((axis) => parameterAxis(rows, axis)), differenceAxis(rows)];
  const crossings = rows.flatMap((row, line) =>
    axes.map(({ place }, axis) => ({
      ...{ line, axis, place: place(row) },
      color: `var(--${row.comparison.verdict.decision})`,
      tip: `${row.label}: ${effectText(row.comparison)}; ${row.comparison.verdict.decision}`,
    })),
  );
  const names = axes.map(({ name }) => name);
  const ticks = axes.flatMap(({ ticks: own }, axis) => own.map((tick) => ({ ...tick, axis })));
  const lowest = Math.min(0, ...crossings.map(({ place }) => place));
  const room = width / axes.length;
  const x = {
    field: 'axis',
    type: 'ordinal' as const,
    title: null,
    scale: { type: 'point' as const, padding: 0.5 },
    axis: {
      ...{ orient: 'top' as const, domain: false, ticks: false, labelPadding: 12 },
      ...{ labelAngle: 0, labelColor: ink, labelLimit: room - 8, labelOverlap: false },
      labelExpr: `${JSON.stringify(names)}[datum.value]`,
    },
  };
  const y = {
    field: 'place',
    type: 'quantitative' as const,
    axis: null,
    scale: { domain: [lowest, 1], nice: false, zero: false },
  };
  const color = { field: 'color', type: 'nominal' as const, scale: null };
  const label = {
    type: 'text' as const,
    align: 'left' as const,
    dx: 8,
    limit: room - 12,
    aria: false,
  };
  const text = { x, y, text: { field: 'text' } };
  return {
    $schema: vegaLiteSchema,
    width,
    height,
    layer: [
      {
        data: { values: crossings },
        mark: {
          ...{ type: 'line', strokeWidth: rows.length > 30 ? 1 : 1.8, aria: false },
          opacity: rows.length > 30 ? 0.5 : 0.8,
        },
        encoding: { x, y, color, detail: { field: 'line' }, order: { field: 'axis' } },
      },
      {
        data: { values: axes.map((_, axis) => ({ axis, place: lowest, top: 1 })) },
        mark: { type: 'rule', stroke: muted, aria: false },
        encoding: { x, y, y2: { field: 'top' } },
      },
      {
        data: { values: crossings },
        mark: { type: 'point', filled: true, size: 46, opacity: 0.9 },
        encoding: { x, y, color, description: { field: 'tip' } },
      },
      {
        // Behind the letters, so that lines do not run through them.
        data: { values: ticks },
        mark: { ...label, stroke: surface, strokeWidth: 4, strokeJoin: 'round' },
        encoding: text,
      },
      { data: { values: ticks }, mark: { ...label, fill: muted }, encoding: text },
    ],
    config: plotConfig,
  };
}

function parameterAxis(rows: readonly SweepRow[], axis: SweepAxis): ParallelAxis {
  const { path, name, text } = axis;
  const set = rows.filter(({ values }) => path in values);
  const numbers = set.flatMap(({ values: { [path]: value } }) =>
    typeof value === 'number' ? [value] : [],
  );
  const unset = set.length < rows.length ? [{ text: text(undefined), place: unsetPlace }] : [];
  if (numbers.length === set.length) {
    const placeOf = placesAlong(numbers, scaleOf(numbers).type === 'log');
    const distinct = [...new Set(numbers)].sort((a, b) => a - b);
    const named = distinct.length <= mostTicks ? distinct : [distinct[0]!, distinct.at(-1)!];
    const ticks = named.map((value) => ({ text: text(value), place: placeOf(value) }));
    return {
      name,
      place: ({ values }) => (path in values ? placeOf(values[path] as number) : unsetPlace),
      ticks: [...ticks, ...unset],
    };
  }
  const texts = sortedTexts(set, axis);
  const placeOf = placesAlong([0, texts.length - 1], false);
  return {
    name,
    place: ({ values }) =>
      path in values ? placeOf(texts.indexOf(text(values[path]))) : unsetPlace,
    ticks: [...texts.map((one, index) => ({ text: one, place: placeOf(index) })), ...unset],
  };
}

function differenceAxis(rows: readonly SweepRow[]): ParallelAxis {
  const { factor, differences } = effectUnit(rows[0]!.comparison.metric);
  const meanOf = ({ comparison: { values } }: SweepRow) =>
    values.difference.computable ? values.difference.mean * factor : 0;
  const means = rows.map(meanOf);
  const [low, high] = [Math.min(0, ...means), Math.max(0, ...means)];
  const placeOf = placesAlong([low, high], false);
  const format = formatterFor((high - low) / 20, [low, high]);
  return {
    name: `difference${differences}`,
    place: (row) => placeOf(meanOf(row)),
    ticks: [low, ...(isApart(placeOf(0)) ? [0] : []), high].map((value) => ({
      text: value === 0 ? '0' : typographic(format(value)),
      place: placeOf(value),
    })),
  };
}

/** Whether a name at this place overlaps none at the ends of its axis. */
function isApart(place: number): boolean {
  return place > 0.06 && place < 0.94;
}

/** From the lowest of the numbers, at 0, to the highest, at 1; all in the middle where they are the same. */
function placesAlong(numbers: readonly number[], isLog: boolean): (value: number) => number {
  const along = isLog ? Math.log : (value: number) => value;
  const [low, high] = [along(Math.min(...numbers)), along(Math.max(...numbers))];
  return (value) => (high === low ? 0.5 : (along(value) - low) / (high - low));
}
