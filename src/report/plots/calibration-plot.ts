import type { TopLevelSpec } from 'vega-lite';
import type { ReportClassification } from '../report-schema.js';
import { muted, plotConfig, seriesColor, surface, vegaLiteSchema } from './theme.js';

/** One variant's reliability curve. */
export interface CalibrationCurve {
  readonly label: string;
  /** The variant's place among all, for its colour. */
  readonly series: number;
  readonly bins: NonNullable<ReportClassification['calibration']>;
}

/**
 * Reliability diagram: share of right predictions over their mean probability, a point for each bin, and
 * the diagonal of perfect calibration. Points grow with the number of predictions.
 */
export function calibrationPlot(
  curves: readonly CalibrationCurve[],
  { width, height }: { readonly width: number; readonly height: number },
): TopLevelSpec {
  const values = curves.flatMap(({ label, series, bins }) =>
    bins.map(({ confidence, accuracy, count }) => ({
      color: seriesColor(series),
      confidence: 100 * confidence,
      accuracy: 100 * accuracy,
      count,
      tip: `${label}: ${(100 * accuracy).toFixed(1)}% of ${count} right at ${(100 * confidence).toFixed(1)}%`,
    })),
  );
  const percent = (field: string, title: string) => ({
    field,
    type: 'quantitative' as const,
    title,
    scale: { domain: [0, 100] },
    axis: { tickCount: 5 },
  });
  const x = percent('confidence', 'probability of the predicted class, %');
  const y = percent('accuracy', 'predicted right, %');
  const color = { field: 'color', type: 'nominal' as const, scale: null };
  return {
    $schema: vegaLiteSchema,
    width,
    height,
    config: plotConfig,
    data: { values },
    layer: [
      {
        data: { values: [0, 100].map((at) => ({ confidence: at, accuracy: at })) },
        mark: { type: 'line', stroke: muted, strokeDash: [4, 3], aria: false },
        encoding: { x, y },
      },
      { mark: { type: 'line', strokeWidth: 1.5, aria: false }, encoding: { x, y, stroke: color } },
      {
        mark: { type: 'point', filled: true, stroke: surface, strokeWidth: 1, opacity: 1 },
        encoding: {
          x,
          y,
          fill: color,
          size: {
            field: 'count',
            type: 'quantitative',
            scale: { range: [25, 160] },
            legend: null,
          },
          description: { field: 'tip' },
        },
      },
    ],
  };
}
