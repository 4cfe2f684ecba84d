import type { TopLevelSpec } from 'vega-lite';
import type { LossFigure, LossPoint, LossSeries } from './figure-data.js';
import { thinCurve } from './thin-curve.js';
import { logTicks } from './log-ticks.js';
import { renderSvg } from './plots/render.js';

/** Okabe and Ito's colours, which people with any colour vision tell apart. */
const palette = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000'];

/** Arimo, the bundled font, has the metrics of those after it: text takes the same room in all. */
const font = 'Arimo, Arial, Liberation Sans, Helvetica, sans-serif';

export interface FigureOptions {
  /** Pixels of the plot's frame, without axes. */
  readonly width?: number;
  readonly height?: number;
  /** Shown above the plot. */
  readonly title?: string | undefined;
}

/**
 * Training loss over updates on a logarithmic scale, as SVG. Several seeds are thin lines with
 * their mean in bold; a line ends with a cross where its loss ceased to be finite.
 */
export function renderLossFigure(figure: LossFigure, options: FigureOptions = {}): Promise<string> {
  return renderSvg(figureSpec(figure, options));
}

/** The figure as a Vega-Lite specification, its data inside. */
export function figureSpec(
  figure: LossFigure,
  { width = 640, height = 400, title }: FigureOptions = {},
): TopLevelSpec {
  const series = distinctLegends(figure.series);
  const legends = series.map(({ legend }) => legend);
  const seeds = Math.max(0, ...series.map(({ curves }) => curves.length));
  const values = series.flatMap(({ legend, curves, mean }) => [
    ...curves.flatMap((curve) =>
      rowsOf(legend, `seed ${curve.seed}`, seeds > 1 ? 'seed' : 'only', curve.points, width),
    ),
    ...rowsOf(legend, 'mean', 'mean', mean, width),
  ]);
  const [low, high] = lossDomain(series);
  const ticks = logTicks(low, high);
  const color = {
    field: 'legend',
    type: 'nominal' as const,
    scale: { domain: legends, range: legends.map((_, index) => palette[index % palette.length]!) },
    legend: { title: null, orient: 'top-right' as const, symbolType: 'stroke' },
  };
  const position = {
    x: {
      field: 'step',
      type: 'quantitative' as const,
      title: 'iterations/updates',
      scale: { domain: [0, Math.max(1, figure.steps)], nice: false },
      axis: { format: ',d', tickMinStep: 1, tickCount: 10, grid: false, labelFlush: false },
    },
    y: {
      field: 'loss',
      type: 'quantitative' as const,
      title: 'training loss',
      scale: { type: 'log' as const, domain: [low, high], nice: false },
      axis: { format: '~g', ...(ticks && { values: [...ticks] }) },
    },
  };
  const lines = (role: string, strokeWidth: number, opacity: number) => ({
    transform: [{ filter: `datum.role === '${role}'` }],
    mark: { type: 'line' as const, strokeWidth, opacity, strokeJoin: 'round' as const },
    encoding: { ...position, color, detail: { field: 'curve', type: 'nominal' as const } },
  });
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: `Training loss over updates: ${legends.join(', ')}`,
    ...(title !== undefined && { title }),
    width,
    height,
    background: 'white',
    padding: 12,
    data: { values },
    layer: [
      lines('seed', 1, 0.3),
      lines('only', 2, 1),
      lines('mean', 2.5, 1),
      {
        transform: [{ filter: 'datum.lost' }],
        mark: { type: 'point', shape: 'cross', angle: 45, size: 90, filled: true, opacity: 1 },
        encoding: { ...position, color },
      },
      ...(values.length > 0 ? [] : [emptyNote(width, height)]),
    ],
    config: {
      font,
      axis: {
        labelFontSize: 13,
        titleFontSize: 15,
        titleFontWeight: 'normal',
        titlePadding: 10,
        gridColor: '#e6e6e6',
        domainColor: '#888888',
        tickColor: '#888888',
        labelColor: '#333333',
        titleColor: '#111111',
      },
      legend: {
        labelFontSize: 14,
        // A label as long as it likes would make an image no machine draws.
        labelLimit: 0.6 * width,
        symbolSize: 400,
        symbolStrokeWidth: 3,
        symbolOpacity: 1,
        rowPadding: 6,
        padding: 10,
        fillColor: '#ffffff',
        strokeColor: '#d0d0d0',
        cornerRadius: 3,
        offset: 10,
      },
      title: { limit: width, fontSize: 16, fontWeight: 'bold', offset: 14, anchor: 'middle' },
      view: { stroke: '#888888' },
    },
  };
}

function emptyNote(width: number, height: number) {
  const text = 'no step has been trained';
  const mark = { type: 'text' as const, fontSize: 15, fill: '#666666', text };
  return {
    data: { values: [{}] },
    mark: { ...mark, align: 'center' as const, x: width / 2, y: height * 0.45 },
  };
}

/** Colours are given by legend, so two variants with the same one take their names to it. */
function distinctLegends(series: readonly LossSeries[]): readonly LossSeries[] {
  const taken = (legend: string) => series.filter((other) => other.legend === legend).length > 1;
  return series.map((one) =>
    taken(one.legend) ? { ...one, legend: `${one.legend} (${one.variant})` } : one,
  );
}

function rowsOf(
  legend: string,
  curve: string,
  role: 'only' | 'seed' | 'mean',
  points: readonly LossPoint[],
  width: number,
) {
  const lostAt = role === 'mean' ? -1 : points.findIndex(({ loss }) => loss === null);
  const lastFinite = points[lostAt - 1];
  const { steps, values } = thinCurve(
    { steps: points.map(({ step }) => step), values: points.map(({ loss }) => loss ?? NaN) },
    width,
  );
  const rows = steps.map((step, i) => {
    return { legend, curve, role, step, loss: Number.isFinite(values[i]) ? values[i]! : null };
  });
  return [
    ...rows,
    ...(lastFinite ? [{ legend, curve, role: 'cross', ...lastFinite, lost: true }] : []),
  ];
}

/** From the lowest to the highest loss with a little room; a decade where there is none. */
function lossDomain(series: readonly LossSeries[]): [number, number] {
  let low = Infinity;
  let high = 0;
  for (const { loss } of series.flatMap(({ curves }) => curves).flatMap(({ points }) => points)) {
    if (loss === null) continue;
    low = Math.min(low, loss);
    high = Math.max(high, loss);
  }
  if (high === 0) return [0.1, 10];
  const room = Math.max((high / low) ** 0.06, 1.05);
  return [low / room, high * room];
}
