import type { TopLevelSpec } from 'vega-lite';
import { measureText } from '../font-metrics.js';

/** A Vega-Lite specification, its data inside, as SVG. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  // A good part of a second, and most commands draw nothing.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  // Without a canvas Vega takes every letter for 0.8 em wide, and the legend's box far too large.
  (vega as unknown as TextMeasuring).textMetrics.width = textItemWidth;
  const compiled = vegaLite.compile(spec);
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** What Vega exports for replacing its text measurement, and leaves out of its types. */
interface TextMeasuring {
  readonly textMetrics: { width: (item: TextItem, text?: string) => number };
}

/** Vega's text items leave out what is the default. */
interface TextItem {
  readonly text?: string | readonly string[];
  readonly fontSize?: number;
  readonly fontWeight?: string;
  /** Pixels after which it is cut; absent or 0: never. */
  readonly limit?: number;
}

/** Where there is no Arial, nor what is made to its measure, letters are up to a tenth wider. */
const fontAllowance = 1.1;

function textItemWidth(item: TextItem, text?: string): number {
  const lines = [text ?? item.text ?? ''].flat();
  const bold = item.fontWeight === 'bold';
  const width = Math.max(0, ...lines.map((line) => measureText(line, item.fontSize ?? 11, bold)));
  const limit = item.limit ?? 0;
  return limit > 0 ? Math.min(width * fontAllowance, limit) : width * fontAllowance;
}
