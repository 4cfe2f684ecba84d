import type { Config } from 'vega-lite';

/** How many colours the page defines for variants; more of them start over. */
const colors = 7;

/** Plots name the page's colours, so that one drawing serves light and dark, screen and paper. */
export function seriesColor(index: number): string {
  return `var(--series-${(index % colors) + 1})`;
}

export const ink = 'var(--ink)';
export const muted = 'var(--muted)';
export const surface = 'var(--surface)';
export const zone = 'var(--zone)';

/** Common to all plots of the page. */
export const plotConfig: Config = {
  font: 'Arial, Helvetica, sans-serif',
  background: 'transparent',
  padding: 2,
  autosize: { type: 'fit', contains: 'padding' },
  axis: {
    aria: false,
    labelFontSize: 12,
    titleFontSize: 12.5,
    titleFontWeight: 'normal',
    titlePadding: 8,
    gridColor: 'var(--grid)',
    domainColor: 'var(--line)',
    tickColor: 'var(--line)',
    labelColor: muted,
    titleColor: muted,
    labelLimit: 220,
  },
  text: { fontSize: 12, fill: ink },
  view: { stroke: null },
};

export const vegaLiteSchema = 'https://vega.github.io/schema/vega-lite/v6.json';
