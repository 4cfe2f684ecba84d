import type { TopLevelSpec } from 'vega-lite';
import type { Source } from '../../statistics/decompose-streams.js';
import type { ReportDocument } from '../report-schema.js';
import { plotConfig, seriesColor, vegaLiteSchema } from './theme.js';

type Quantities = NonNullable<ReportDocument['variance']>['quantities'];

/** The shares of each quantity's variance, a bar each. */
export function sharesPlot(
  quantities: Quantities,
  nameOf: (source: Source) => string,
  width: number,
): TopLevelSpec {
  const values = quantities.flatMap(({ label, decomposition }) => {
    if (!decomposition.computable) return [];
    const { streams, rest } = decomposition;
    const parts: { source: Source; share: number }[] = [
      ...streams.map(({ stream, share }) => ({ source: stream, share })),
      { source: 'rest', share: rest.share },
    ];
    return parts.map(({ source, share }, order) => {
      const [name, percent] = [nameOf(source), 100 * share];
      return { label, name, percent, order, tip: `${label}: ${name} ${percent.toFixed(0)}%` };
    });
  });
  const names = [...new Set(values.map(({ name }) => name))];
  const rows = new Set(values.map(({ label }) => label)).size;
  return {
    $schema: vegaLiteSchema,
    width,
    height: rows * 34 + 90,
    data: { values },
    mark: { type: 'bar', aria: false },
    encoding: {
      y: {
        field: 'label',
        type: 'nominal',
        title: null,
        sort: null,
        axis: { ticks: false, domain: false, labelLimit: width * 0.3 },
      },
      x: {
        field: 'percent',
        type: 'quantitative',
        title: 'share of the variance, %',
        scale: { domain: [0, 100] },
        axis: { tickCount: Math.ceil(width / 110) },
      },
      color: {
        field: 'name',
        type: 'nominal',
        sort: null,
        scale: { domain: names, range: names.map((_, i) => seriesColor(i)) },
        legend: { title: null, orient: 'bottom', columns: width < 400 ? 2 : 4 },
      },
      order: { field: 'order', type: 'quantitative' },
      description: { field: 'tip' },
    },
    config: plotConfig,
  };
}
