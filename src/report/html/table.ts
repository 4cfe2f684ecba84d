import { cellText } from '../../text/table.js';
import type { Cell, Table } from '../../text/table.js';
import { markup } from './markup.js';
import type { Content, Markup } from './markup.js';

/** A longer table scrolls within the page, on small screens also. */
const mostRowsAtOnce = 40;

/** Scrolls sideways where it is too wide, also by the keyboard. */
export function table({ caption, columns, rows }: Table): Markup {
  const kinds = columns.map(({ kind }) => (kind === 'text' ? 'word' : 'number'));
  return markup`<div class="scroll${rows.length > mostRowsAtOnce ? ' long' : ''}" role="region" tabindex="0" aria-label="Table: ${caption}">
    <table>
      <caption class="unseen">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title }, i) => markup`<th scope="col" class="${kinds[i]}">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([title, ...cells]) =>
            markup`<tr>
              <th scope="row">${content(title)}</th>
              ${cells.map((cell, i) => markup`<td class="${kinds[i + 1]}">${content(cell)}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function content(cell: Cell | undefined): Content {
  if (typeof cell !== 'object') return typographic(cellText(cell));
  if (cell.as === 'code') return markup`<code>${cell.text}</code>`;
  return markup`<span class="tag ${cell.as}">${cell.text}</span>`;
}

/** The true minus sign before numbers, which plain texts spell with a hyphen. */
export function typographic(text: string): string {
  return text.replaceAll(/(^|[\s(])-(?=\d)/g, '$1−');
}
