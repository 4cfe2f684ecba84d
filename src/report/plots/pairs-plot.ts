import type { TopLevelSpec } from 'vega-lite';
import { effectUnit, formatterFor } from '../../statistics/format-effect.js';
import type { ReportComparison } from '../report-schema.js';
import type { DrawnRange } from './theme.js';
import { effectNumbers, verdictInterval } from '../effect-text.js';
import {
  differenceTitle,
  drawnRange,
  ink,
  noDifference,
  plotConfig,
  seriesColor,
  surface,
  vegaLiteSchema,
  zone,
} from './theme.js';

export interface PairsPlotOptions {
  readonly width: number;
  /** The two variants' places among all, for their colours. */
  readonly series: { readonly baseline: number; readonly challenger: number };
}

/** Pixels of a seed's row: fewer where there are many. */
function rowHeight(rows: number): number {
  return Math.max(9, Math.min(20, Math.floor(520 / Math.max(1, rows))));
}

/** Each pair's two values on a line of its own: a dot plot of the pairs. */
export function pairsPlot(
  { pairs, metric, labels }: ReportComparison,
  { width, series }: PairsPlotOptions,
): TopLevelSpec {
  const unit = effectUnit(metric);
  const shown = (value: number) => value * unit.factor;
  const spread = Math.max(...pairs.differences.map((d) => Math.abs(shown(d))), 0);
  const format = formatterFor(spread / 20, [...pairs.baseline, ...pairs.challenger].map(shown));
  const rows = pairs.seeds.map((seed, i) => {
    const [low, high] = [shown(pairs.baseline[i]!), shown(pairs.challenger[i]!)];
    const tip = `seed ${seed}: ${labels.baseline} ${format(low)}, ${labels.challenger} ${format(high)}`;
    return { seed: String(seed), low, high, tip };
  });
  const y = {
    field: 'seed',
    type: 'ordinal' as const,
    title: 'seed',
    sort: null,
    axis: { grid: false, ticks: false, domain: false, labelOverlap: true },
  };
  const x = (field: string) => ({
    field,
    type: 'quantitative' as const,
    title: `${unit.metric}${unit.values}`,
    scale: { zero: false, nice: true },
    axis: { tickCount: Math.ceil(width / 80) },
  });
  const dot = (field: string, index: number, hollow: boolean) => ({
    mark: {
      type: 'point' as const,
      size: 70,
      filled: true,
      opacity: 1,
      stroke: seriesColor(index),
      strokeWidth: 2,
      fill: hollow ? surface : seriesColor(index),
    },
    encoding: { x: x(field), y, description: { field: 'tip' } },
  });
  return {
    $schema: vegaLiteSchema,
    width,
    height: rows.length * rowHeight(rows.length) + 50,
    data: { values: rows },
    layer: [
      {
        mark: { type: 'rule', stroke: 'var(--line)', strokeWidth: 2, aria: false },
        encoding: { y, x: x('low'), x2: { field: 'high' } },
      },
      dot('low', series.baseline, true),
      dot('high', series.challenger, false),
    ],
    config: plotConfig,
  };
}

/** The differences of the same pairs, their mean with its interval, and the margin around 0. */
export function differencesPlot(
  comparison: ReportComparison,
  { width, series }: PairsPlotOptions,
): TopLevelSpec {
  const { pairs, metric, labels, margin, values } = comparison;
  const ofMean = verdictInterval(comparison);
  const unit = effectUnit(metric);
  const shown = (value: number) => value * unit.factor;
  const spread = Math.max(...pairs.differences.map((d) => Math.abs(shown(d))), 0);
  const format = formatterFor(spread / 20, pairs.differences.map(shown));
  const rows = pairs.seeds.map((seed, i) => {
    const difference = shown(pairs.differences[i]!);
    return { seed: String(seed), difference, tip: `seed ${seed}: ${format(difference)}` };
  });
  const { within } = pairsRange(comparison);
  const mean = values.difference.computable ? shown(values.difference.mean) : null;
  const { value, interval } = effectNumbers(comparison);
  const summary =
    mean === null
      ? []
      : [
          {
            seed: 'mean',
            difference: mean,
            low: ofMean ? shown(within(ofMean.low)) : mean,
            high: ofMean ? shown(within(ofMean.high)) : mean,
            tip: `mean ${value}${interval === '' ? '' : `, ${interval}`}`,
          },
        ];
  const domain = [...pairs.seeds.map(String), 'mean'];
  const y = {
    field: 'seed',
    type: 'ordinal' as const,
    title: null,
    sort: null,
    scale: { domain },
    axis: { grid: false, ticks: false, domain: false, labelOverlap: true },
  };
  const x = (field: string) => ({
    field,
    type: 'quantitative' as const,
    title: differenceTitle(labels, unit.differences, width - 60),
    scale: { zero: true, nice: true },
    axis: { tickCount: Math.ceil(width / 80) },
  });
  return {
    $schema: vegaLiteSchema,
    width,
    height: domain.length * rowHeight(domain.length) + 50,
    layer: [
      ...marginZone(shown(margin)),
      {
        data: { values: rows },
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: {
          x: x('difference'),
          y,
          color: { value: seriesColor(series.challenger) },
          description: { field: 'tip' },
        },
      },
      {
        data: { values: summary },
        mark: { type: 'rule', strokeWidth: 2.5, stroke: ink, aria: false },
        encoding: { x: x('low'), x2: { field: 'high' }, y },
      },
      {
        data: { values: summary },
        mark: { type: 'point', shape: 'diamond', filled: true, size: 150, opacity: 1, fill: ink },
        encoding: { x: x('difference'), y, description: { field: 'tip' } },
      },
    ],
    config: plotConfig,
  };
}

/** What of the axis of differences of the pairs is drawn. */
export function pairsRange(comparison: ReportComparison): DrawnRange {
  const { low, high } = verdictInterval(comparison) ?? { low: 0, high: 0 };
  return drawnRange(comparison.pairs.differences, [low, high]);
}

/** What does not matter, shaded, and the line of no difference. @param margin as shown */
export function marginZone(margin: number) {
  const shaded = {
    data: { values: [{ from: -margin, to: margin }] },
    mark: { type: 'rect' as const, fill: zone, aria: false },
    encoding: {
      x: { field: 'from', type: 'quantitative' as const },
      x2: { field: 'to' },
    },
  };
  return margin > 0 ? [shaded, noDifference('x')] : [noDifference('x')];
}
