import type { TopLevelSpec } from 'vega-lite';
import { effectUnit } from '../../statistics/format-effect.js';
import { effectText, verdictInterval } from '../effect-text.js';
import type { ReportComparison } from '../report-schema.js';
import { marginZone } from './pairs-plot.js';
import { comparisonsRange, plotConfig, vegaLiteSchema } from './theme.js';

export interface ForestRow {
  readonly label: string;
  readonly comparison: ReportComparison;
}

/** Each comparison's difference with its interval, coloured by its verdict. */
export function forestPlot(rows: readonly ForestRow[], width: number): TopLevelSpec {
  const names = distinct(rows.map(({ label }) => label));
  const { factor, metric, differences } = effectUnit(rows[0]!.comparison.metric);
  const { within } = comparisonsRange(rows.map(({ comparison }) => comparison));
  const values = rows.flatMap(({ label, comparison }, index) => {
    const { values: means, verdict } = comparison;
    if (!means.difference.computable) return [];
    const mean = means.difference.mean * factor;
    const interval = verdictInterval(comparison);
    return [
      {
        row: names[index]!,
        mean,
        low: interval ? within(interval.low) * factor : mean,
        high: interval ? within(interval.high) * factor : mean,
        color: `var(--${verdict.decision})`,
        tip: `${label}: ${effectText(comparison)}; ${verdict.decision}`,
      },
    ];
  });
  const narrow = width < 400;
  const y = {
    field: 'row',
    type: 'ordinal' as const,
    title: null,
    sort: null,
    scale: { domain: names },
    axis: {
      grid: false,
      ticks: false,
      domain: false,
      labelLimit: width * (narrow ? 0.4 : 0.28),
      // There is no room beside the plot for more than one parameter of a point.
      ...(narrow && { labelExpr: "split(datum.label, ', ')" }),
    },
  };
  const lines = narrow ? Math.max(...names.map((name) => name.split(', ').length)) : 1;
  const x = (field: string) => ({
    field,
    type: 'quantitative' as const,
    title: `difference of ${metric}${differences}`,
    scale: { zero: true, nice: true },
    axis: {
      tickCount: Math.ceil(width / 110),
      ...(narrow && { titleAnchor: 'end' as const }),
    },
  });
  const color = { field: 'color', type: 'nominal' as const, scale: null };
  const margin = rows[0]!.comparison.margin * factor;
  return {
    $schema: vegaLiteSchema,
    width,
    height: rows.length * Math.max(rows.length > 40 ? 15 : 24, 10 + 14 * lines) + 50,
    data: { values },
    layer: [
      ...marginZone(margin),
      {
        mark: { type: 'rule', strokeWidth: 2.5, aria: false },
        encoding: { y, x: x('low'), x2: { field: 'high' }, color },
      },
      {
        mark: { type: 'point', filled: true, size: 90, opacity: 1 },
        encoding: { y, x: x('mean'), color, description: { field: 'tip' } },
      },
    ],
    config: plotConfig,
  };
}

/** Labels identify rows, so a repeated label gets a number. */
function distinct(labels: readonly string[]): string[] {
  return labels.map((label, index) => {
    const before = labels.slice(0, index).filter((other) => other === label).length;
    return before === 0 ? label : `${label} (${before + 1})`;
  });
}
