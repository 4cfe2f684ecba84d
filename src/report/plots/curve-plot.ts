import type { TopLevelSpec } from 'vega-lite';
import { metricOfQuantity } from '../../metrics/registry.js';
import { logTicks } from '../log-ticks.js';
import { formatterFor } from '../../statistics/format-effect.js';
import type { ReportCurves } from '../report-schema.js';
import { numberLabel, plotConfig, seriesColor, stepAxis, vegaLiteSchema } from './theme.js';

/** Points of a mean that answer to the pointer. */
const mostTips = 60;

export interface CurvePlotOptions {
  readonly width: number;
  readonly height: number;
  /** By variant. */
  readonly labels: ReadonlyMap<string, string>;
  readonly yTitle: string;
}

/** Curves over steps: a thin line a seed, the mean in bold, its interval as a band behind it. */
export function curvePlot(
  curves: ReportCurves,
  { width, height, labels, yTitle }: CurvePlotOptions,
): TopLevelSpec {
  const { variants, scale } = curves;
  const percent = metricOfQuantity(curves.quantity).unit === 'fraction';
  const several = variants.some(({ seeds }) => seeds.length > 1);
  const lines = variants.flatMap(({ variant, seeds }) =>
    seeds.flatMap(({ seed, steps, values }) =>
      steps.map((step, i) => ({ variant, curve: `${variant} ${seed}`, step, value: values[i]! })),
    ),
  );
  const domain = domainOf(curves);
  // An interval of few seeds may be far wider than what is drawn.
  const within = (value: number | null | undefined) =>
    value === null || value === undefined ? null : Math.max(domain[0], Math.min(domain[1], value));
  const means = variants.flatMap(({ variant, steps, mean, low, high }) =>
    steps.map((step, i) => ({
      ...{ variant, step, value: mean[i]! },
      low: within(low[i]),
      high: within(high[i]),
    })),
  );
  const stride = Math.max(1, Math.ceil((variants[0]?.steps.length ?? 0) / mostTips));
  const tips = variants.flatMap(({ variant, steps, mean, low, high }) =>
    steps.flatMap((step, i) => {
      const value = mean[i] ?? null;
      if (value === null || i % stride !== 0) return [];
      const [from, to] = [low[i] ?? null, high[i] ?? null];
      const label = labels.get(variant) ?? variant;
      const format = formatterFor(from === null || to === null ? 0 : (to - from) / 2, [value]);
      const range = from === null || to === null ? '' : ` (${format(from)} to ${format(to)})`;
      return [{ variant, step, value, tip: `step ${step}: ${label} ${format(value)}${range}` }];
    }),
  );
  const ticks = scale === 'log' ? logTicks(...domain) : undefined;
  const names = variants.map(({ variant }) => variant);
  const color = {
    field: 'variant',
    type: 'nominal' as const,
    scale: { domain: names, range: names.map((_, index) => seriesColor(index)) },
    legend: null,
  };
  const x = stepAxis(width);
  const y = {
    field: 'value',
    type: 'quantitative' as const,
    title: yTitle,
    scale: { type: scale, domain, nice: false, ...(scale === 'linear' && { zero: false }) },
    axis: {
      ...(percent ? { format: '~%' } : { labelExpr: numberLabel }),
      ...(scale === 'linear' && { tickCount: 6 }),
      ...(ticks && { values: [...ticks] }),
    },
  };
  return {
    $schema: vegaLiteSchema,
    width,
    height,
    layer: [
      {
        data: { values: means.filter(({ low }) => low !== null) },
        mark: { type: 'area', opacity: 0.2, aria: false },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
      },
      {
        data: { values: lines },
        mark: {
          type: 'line',
          strokeWidth: several ? 0.8 : 2,
          opacity: several ? 0.35 : 1,
          aria: false,
        },
        encoding: { x, y, color, detail: { field: 'curve' } },
      },
      {
        data: { values: several ? means : [] },
        mark: { type: 'line', strokeWidth: 2.2, aria: false },
        encoding: { x, y, color },
      },
      {
        data: { values: tips },
        mark: { type: 'point', size: 120, filled: true, opacity: 0 },
        encoding: { x, y, color, description: { field: 'tip' } },
      },
    ],
    config: plotConfig,
  };
}

function domainOf({ variants, scale }: ReportCurves): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const { seeds } of variants) {
    for (const { values } of seeds) {
      for (const value of values) {
        if (value === null) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  if (low > high) return scale === 'log' ? [0.1, 10] : [0, 1];
  if (scale === 'log') {
    const room = Math.max((high / low) ** 0.04, 1.03);
    return [low / room, high * room];
  }
  const room = Math.max((high - low) * 0.04, Math.abs(high) * 1e-3, 1e-9);
  return [low - room, high + room];
}
