import { markup } from './markup.js';
import type { Content, Markup } from './markup.js';
import { typographic } from './typographic.js';

export interface TableData {
  /** What the table is about; read to screen readers. */
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of a row is its title. */
  readonly rows: readonly (readonly Content[])[];
  /** Columns, from 0, that hold words and not numbers; the first always does. */
  readonly words?: readonly number[];
}

/** A longer table scrolls within the page on small screens, too. */
const mostRowsAtOnce = 40;

function shown(cell: Content): Content {
  if (typeof cell === 'number') return typographic(String(cell));
  return typeof cell === 'string' ? typographic(cell) : cell;
}

/** Scrolls sideways where it is too wide, also by the keyboard. */
export function table({ caption, head, rows, words = [] }: TableData): Markup {
  const kind = (column: number) => (column === 0 || words.includes(column) ? 'word' : 'number');
  return markup`<div class="scroll${rows.length > mostRowsAtOnce ? ' long' : ''}" role="region" tabindex="0" aria-label="Table: ${caption}">
    <table>
      <caption class="unseen">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map((title, i) => markup`<th scope="col" class="${kind(i)}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([title, ...cells]) =>
            markup`<tr>
              <th scope="row">${title}</th>
              ${cells.map((cell, i) => markup`<td class="${kind(i + 1)}">${shown(cell)}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
