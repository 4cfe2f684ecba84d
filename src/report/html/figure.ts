import type { TopLevelSpec } from 'vega-lite';
import type { Table } from '../../text/table.js';
import { withoutDirectionControls } from '../../text/text.js';
import { renderSvg } from '../plots/render.js';
import { Markup, markup } from './markup.js';
import type { Content } from './markup.js';
import { table } from './table.js';

export interface FigureParts {
  readonly title: string;
  /** What is drawn and how to read it. */
  readonly caption: Content;
  /** The same numbers, for those who cannot see the drawing. */
  readonly data: Table;
  /** Draws it `width` pixels wide. */
  readonly draw: (width: number) => TopLevelSpec;
  /** Takes the whole width of the page. */
  readonly full?: boolean;
}

/** A figure's width on a wide screen, two beside each other; and on a telephone. */
const widths = { half: 520, full: 1080, narrow: 340 };

/** A figure drawn twice, for wide and for narrow screens, with its data as a table. */
export async function figure({ title, caption, data, draw, full }: FigureParts): Promise<Markup> {
  const wide = full ? widths.full : widths.half;
  const [large, small] = [await renderSvg(draw(wide)), await renderSvg(draw(widths.narrow))];
  return markup`<figure class="plot${full ? ' full' : ''}">
    <h3>${title}</h3>
    <div class="wide">${inlineSvg(large, title)}</div>
    <div class="narrow">${inlineSvg(small, title)}</div>
    <figcaption>${caption}</figcaption>
    <details>
      <summary>Data<span class="unseen"> of ${title}</span></summary>
      ${table({ ...data, caption: `data of ${title}` })}
    </details>
  </figure> `;
}

/**
 * Vega's SVG for use within HTML: one image to screen readers, and the descriptions of its marks as
 * titles, which browsers show under the pointer.
 */
export function inlineSvg(svg: string, title: string): Markup {
  const marks = withoutDirectionControls(svg)
    .replaceAll(
      /<path aria-label="([^"]*)" role="graphics-symbol"([^>]*?)(?:\/>|><\/path>)/g,
      '<path$2><title>$1</title></path>',
    )
    .replaceAll(/ (?:role|aria-[a-z]+)="[^"]*"/g, '')
    .replaceAll(/ class="[^"]*"/g, '')
    // Within tags only: what is written between them are numbers to be read.
    .replaceAll(/<[^>]+>/g, (tag) => tag.replaceAll(/(\d\.\d\d)\d+/g, '$1'));
  const label = markup`<svg role="img" aria-label="${title}"`.text;
  return new Markup(marks.replace('<svg', () => label).replace(/ xmlns(?::xlink)?="[^"]*"/g, ''));
}
