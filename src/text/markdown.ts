import { cellText } from './table.js';
import type { Table } from './table.js';
import { withoutDirectionControls } from './text.js';

/** Lines of the table in GitHub-flavoured Markdown. */
export function markdownTable({ columns, rows }: Table): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    `|${columns.map(({ kind }) => (kind === 'number' ? ' ---: |' : ' --- |')).join('')}`,
    ...rows.map((row) => line(columns.map((_, i) => cellText(row[i])))),
  ];
}

/** Escaped so that Markdown shows the text itself: no markup, links, mentions or line breaks. */
export function markdownText(text: string): string {
  return (
    withoutDirectionControls(text)
      // eslint-disable-next-line no-control-regex -- a line break would end a table's row
      .replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
      .replaceAll(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
      .replaceAll(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
      // Zero width: text that it interrupts becomes neither a mention nor a link.
      .replaceAll(/@(?=\w)|(?<=https?):(?=\/\/)|(?<=www)\./g, '$&\u200b')
  );
}
