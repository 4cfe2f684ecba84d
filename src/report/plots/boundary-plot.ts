import type { TopLevelSpec } from 'vega-lite';
import type { ReportComparison } from '../report-schema.js';
import {
  ink,
  noDifference,
  plotConfig,
  quantityAxis,
  seriesColor,
  vegaLiteSchema,
} from './theme.js';

type Sequential = NonNullable<ReportComparison['sequential']>;

export interface BoundaryPlotOptions {
  readonly width: number;
  readonly height: number;
  /** The challenger's place among the variants, for its colour. */
  readonly series: number;
}

/** A value of the path or of its boundary after some pairs. */
interface Mark {
  readonly n: number;
  readonly value: number;
  readonly tip: string;
}

/**
 * The path of the decision: t at every look, between the bounds that it must cross; without a cap the evidence E, as a power of ten,
 * below the one that it must reach.
 */
export function boundaryPlot(
  sequential: Sequential,
  { width, height, series }: BoundaryPlotOptions,
): TopLevelSpec {
  const isEvidence = sequential.method === 'evidence';
  const path = isEvidence ? evidencePath(sequential) : tPath(sequential);
  const last = isEvidence ? Math.max(2, path.at(-1)?.n ?? 2) : sequential.cap;
  const x = {
    field: 'n',
    type: 'quantitative' as const,
    title: 'pairs',
    scale: { domain: [0, last], nice: false },
    axis: { format: 'd', tickMinStep: 1, tickCount: Math.ceil(width / 60), grid: false },
  };
  const yTitle = isEvidence ? 'evidence E, as a power of 10' : 't of the mean difference';
  const y = quantityAxis('value', yTitle, true);
  const color = { value: seriesColor(series) };
  return {
    $schema: vegaLiteSchema,
    width,
    height,
    layer: [
      noDifference('y'),
      ...boundsOf(sequential, last).map((values) => ({
        data: { values },
        mark: { type: 'line' as const, stroke: ink, strokeDash: [4, 3], aria: false },
        encoding: { x, y },
      })),
      {
        data: { values: path },
        mark: { type: 'line', strokeWidth: 2.2, aria: false },
        encoding: { x, y, color },
      },
      {
        data: { values: path },
        mark: { type: 'point', filled: true, size: 60, opacity: 1 },
        encoding: { x, y, color, description: { field: 'tip' } },
      },
    ],
    config: plotConfig,
  };
}

function tPath({ looks }: Sequential): Mark[] {
  return looks.flatMap(({ n, test }) => {
    if (test?.t == null) return [];
    const tip = `${n} pairs: t ${test.t.toPrecision(3)}, bound ${test.tCritical.toPrecision(3)}`;
    return [{ n, value: test.t, tip }];
  });
}

function evidencePath({ looks }: Sequential): Mark[] {
  return looks.flatMap(({ n, logE }) => {
    if (logE === undefined) return [];
    const value = logE / Math.LN10;
    return [{ n, value, tip: `${n} pairs: E 10^${value.toFixed(2)}` }];
  });
}

/** One line above and, of t, one below. */
function boundsOf({ method, boundary, alpha }: Sequential, last: number) {
  if (method === 'evidence') {
    return [[0, last].map((n) => ({ n, value: Math.log10(1 / alpha) }))];
  }
  return [1, -1].map((sign) =>
    boundary.map(({ n, tCritical }) => ({ n, value: sign * tCritical })),
  );
}
