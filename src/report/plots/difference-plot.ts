import type { TopLevelSpec } from 'vega-lite';
import { formatterFor } from '../../statistics/format-effect.js';
import type { ReportBand } from '../report-schema.js';
import { noDifference, stepAxis } from './axes.js';
import { plotConfig, seriesColor, vegaLiteSchema } from './theme.js';

const mostTips = 60;

export interface DifferencePlotOptions {
  readonly width: number;
  readonly height: number;
  readonly yTitle: string;
  /** The challenger's place among the variants, for its colour. */
  readonly series: number;
  /** What values are multiplied by before they are shown. */
  readonly factor: number;
}

/** The mean paired difference over steps, its simultaneous band, and the line of no difference. */
export function differencePlot(
  band: ReportBand,
  { width, height, yTitle, series, factor }: DifferencePlotOptions,
): TopLevelSpec {
  const stride = Math.max(1, Math.ceil(band.steps.length / mostTips));
  const values = band.steps.flatMap((step, i) => {
    const [mean, low, high] = [band.mean[i] ?? null, band.low[i] ?? null, band.high[i] ?? null];
    if (mean === null) return [];
    const [value, from, to] = [mean, low ?? mean, high ?? mean].map((v) => v * factor) as [
      number,
      number,
      number,
    ];
    const format = formatterFor((to - from) / 2, [value]);
    const tip = `step ${step}: ${format(value)} (${format(from)} to ${format(to)})`;
    return [{ step, value, from, to, tip, tipped: i % stride === 0 }];
  });
  const color = { value: seriesColor(series) };
  const x = stepAxis(width);
  const y = {
    field: 'value',
    type: 'quantitative' as const,
    title: yTitle,
    scale: { zero: true, nice: true },
    axis: { tickCount: 6 },
  };
  return {
    $schema: vegaLiteSchema,
    width,
    height,
    data: { values },
    layer: [
      {
        mark: { type: 'area', opacity: 0.25, aria: false },
        encoding: { x, y: { ...y, field: 'from' }, y2: { field: 'to' }, color },
      },
      noDifference('y'),
      {
        mark: { type: 'line', strokeWidth: 2.2, aria: false },
        encoding: { x, y, color },
      },
      {
        transform: [{ filter: 'datum.tipped' }],
        mark: { type: 'point', size: 120, filled: true, opacity: 0 },
        encoding: { x, y, color, description: { field: 'tip' } },
      },
    ],
    config: plotConfig,
  };
}
