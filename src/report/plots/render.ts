import { createRequire } from 'node:module';
import type { TopLevelSpec } from 'vega-lite';
import { xmlText } from '../../text/text.js';

/** A Vega-Lite specification, its data inside, as SVG: well-formed XML whatever its texts contain. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  // A good part of a second, and most commands draw nothing.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  // Without a canvas Vega takes every letter for 0.8 em wide, and the legend's box far too large.
  (vega as unknown as TextMeasuring).textMetrics.width = textItemWidth;
  const compiled = vegaLite.compile(spec);
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none' });
  try {
    return xmlText(await view.toSVG());
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

/**
 * Advance widths of the characters from space to tilde in Arimo, Arial and Helvetica, in
 * thousandths of the font size (Arimo's hmtx table; Adobe's Helvetica AFM has the same).
 */
const advances = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
  556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
  611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
  667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
  222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/** Bold letters are about a twelfth wider. */
const boldFactor = 1.08;
/** Any other character is taken for a wide one, so that text is never cut. */
const otherAdvance = 1000;

/** Pixels the text takes in the figure's font. @param fontSize pixels */
export function measureText(text: string, fontSize: number, bold = false): number {
  let sum = 0;
  for (const character of text) {
    sum += advances[(character.codePointAt(0) ?? 0) - 32] ?? otherAdvance;
  }
  return (sum / 1000) * fontSize * (bold ? boldFactor : 1);
}

const { resolve } = createRequire(import.meta.url);
const fontFiles = ['400Regular/Arimo_400Regular.ttf', '700Bold/Arimo_700Bold.ttf'];

/**
 * An SVG as PNG, drawn by resvg with the bundled Arimo, so that it looks the same on every machine,
 * whatever fonts that has.
 * @param scale pixels of the image for one of the SVG
 */
export async function rasterize(svg: string, scale = 2): Promise<Uint8Array> {
  const { renderAsync } = await import('@resvg/resvg-js');
  const image = await renderAsync(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: fontFiles.map((file) => resolve(`@expo-google-fonts/arimo/${file}`)),
      defaultFontFamily: 'Arimo',
      sansSerifFamily: 'Arimo',
    },
  });
  return image.asPng();
}
