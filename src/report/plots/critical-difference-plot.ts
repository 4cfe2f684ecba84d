import type { TopLevelSpec } from 'vega-lite';
import { ink, muted, numberLabel, plotConfig, seriesColor, vegaLiteSchema } from './theme.js';

export interface RankedVariant {
  readonly label: string;
  readonly meanRank: number;
  /** Its place among the variants' colours. */
  readonly series: number;
}

export interface CriticalDifference {
  /** Best mean rank first. */
  readonly variants: readonly RankedVariant[];
  readonly criticalDifference: number;
  /** Indices of the variants in each group that chance may explain. */
  readonly groups: readonly (readonly number[])[];
}

const rowHeight = 26;
const bandHeight = 16;

/**
 * The critical difference diagram of Demšar 2006 (figure 1): mean ranks on an axis, the critical difference
 * above, and a bar over each group of variants whose mean ranks lie within it. Each variant has a row of its
 * own, so that labels need no room inside.
 */
export function criticalDifferencePlot(
  { variants, criticalDifference, groups }: CriticalDifference,
  width: number,
): TopLevelSpec {
  const narrow = width < 400;
  const last = Math.max(variants.length, 1 + criticalDifference);
  const top = (2 + groups.length) * bandHeight + 14;
  const height = top + variants.length * rowHeight;
  // The bars' levels, from the axis downwards; the first is the critical difference itself.
  const bars = groups.map((group, level) => ({
    y: (level + 2.5) * bandHeight + 6,
    from: variants[group[0]!]!.meanRank - 0.03,
    to: variants[group.at(-1)!]!.meanRank + 0.03,
    tip: `may differ by chance: ${group.map((j) => variants[j]!.label).join(', ')}`,
  }));
  const rows = variants.map(({ label, meanRank, series }, i) => ({
    axis: 0,
    y: top + (i + 0.5) * rowHeight,
    meanRank,
    color: seriesColor(series),
    text: meanRank.toFixed(2),
    // Left of the mark where there is more room.
    left: meanRank > (1 + last) / 2,
    tip: `${label}: mean rank ${meanRank.toFixed(2)}`,
  }));
  const x = (field: string) => ({
    field,
    type: 'quantitative' as const,
    title: 'mean rank (1 is the best)',
    scale: { domain: [1, last], nice: false, padding: 16 },
    axis: {
      orient: 'top' as const,
      grid: true,
      tickMinStep: 1,
      tickCount: Math.min(variants.length, 10),
      labelExpr: numberLabel,
    },
  });
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    title: null,
    scale: { domain: [0, height], reverse: true, nice: false, zero: false },
    axis: {
      values: rows.map((row) => row.y),
      labelExpr: `(${JSON.stringify(Object.fromEntries(rows.map((row, i) => [String(row.y), variants[i]!.label])))})[datum.value]`,
      grid: false,
      ticks: false,
      domain: false,
      labelLimit: width * (narrow ? 0.4 : 0.28),
    },
  });
  const rule = { type: 'rule' as const, aria: false };
  const cd = [{ y: bandHeight * 1.5 + 4, from: 1, to: 1 + criticalDifference }];
  return {
    $schema: vegaLiteSchema,
    width,
    height: height + 60,
    layer: [
      {
        data: { values: rows },
        mark: { ...rule, strokeWidth: 1.5, opacity: 0.5 },
        encoding: {
          x: x('meanRank'),
          y: y('axis'),
          y2: { field: 'y' },
          color: { field: 'color', type: 'nominal', scale: null },
        },
      },
      {
        data: { values: cd },
        mark: { ...rule, stroke: muted, strokeWidth: 2 },
        encoding: { x: x('from'), x2: { field: 'to' }, y: y('y') },
      },
      {
        data: {
          values: cd.flatMap(({ y: at, from, to }) => [from, to].map((end) => ({ y: at, end }))),
        },
        mark: {
          type: 'tick',
          stroke: muted,
          orient: 'vertical',
          size: 9,
          thickness: 2,
          aria: false,
        },
        encoding: { x: x('end'), y: y('y') },
      },
      {
        data: { values: cd },
        mark: {
          type: 'text',
          align: 'left',
          dy: -12,
          fill: muted,
          text: `${narrow ? 'CD' : 'critical difference'} ${criticalDifference.toFixed(2)}`,
          aria: false,
        },
        encoding: { x: x('from'), y: y('y') },
      },
      {
        data: { values: bars },
        mark: { type: 'rule', stroke: ink, strokeWidth: 5, strokeCap: 'round' },
        encoding: {
          x: x('from'),
          x2: { field: 'to' },
          y: y('y'),
          description: { field: 'tip' },
        },
      },
      {
        data: { values: rows },
        mark: { type: 'point', filled: true, size: 90, opacity: 1 },
        encoding: {
          x: x('meanRank'),
          y: y('y'),
          color: { field: 'color', type: 'nominal', scale: null },
          description: { field: 'tip' },
        },
      },
      {
        data: { values: rows },
        mark: {
          type: 'text',
          align: { expr: "datum.left ? 'right' : 'left'" },
          dx: { expr: 'datum.left ? -10 : 10' },
          aria: false,
        },
        encoding: { x: x('meanRank'), y: y('y'), text: { field: 'text' } },
      },
    ],
    config: plotConfig,
  };
}
