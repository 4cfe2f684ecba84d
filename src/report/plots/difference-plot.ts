import type { TopLevelSpec } from 'vega-lite';
import { formatterFor } from '../../statistics/format-effect.js';
import type { ReportBand } from '../report-schema.js';
import {
  drawnRange,
  noDifference,
  plotConfig,
  quantityAxis,
  seriesColor,
  stepAxis,
  vegaLiteSchema,
} from './theme.js';

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
  const { within } = drawnRange(band.mean, [...band.low, ...band.high]);
  const values = band.steps.flatMap((step, i) => {
    const mean = band.mean[i] ?? null;
    if (mean === null) return [];
    const [low, high] = [band.low[i] ?? mean, band.high[i] ?? mean];
    const format = formatterFor(((high - low) / 2) * factor, [mean * factor]);
    const range = `${format(low * factor)} to ${format(high * factor)}`;
    const tip = `step ${step}: ${format(mean * factor)} (${range})`;
    const tipped = i % stride === 0;
    return [
      {
        step,
        value: mean * factor,
        from: within(low) * factor,
        to: within(high) * factor,
        tip,
        tipped,
      },
    ];
  });
  const color = { value: seriesColor(series) };
  const x = stepAxis(width);
  const y = quantityAxis('value', yTitle, true);
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
