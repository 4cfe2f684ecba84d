import { cellText } from './table.js';
import type { Table } from './table.js';
import { cleanText } from './text.js';

/** Characters that LaTeX takes for commands, or sets as others in its default font encoding. */
const commands: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\char34{}',
  '`': '\\textasciigrave{}',
  // After a row's end these would be arguments of it.
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
  // Markdown that quotes the LaTeX must mention nobody.
  '@': '@{}',
  '−': '$-$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '√': '$\\surd$',
  Δ: '$\\Delta$',
  '–': '--',
  '—': '---',
  '…': '\\ldots{}',
};
const special = new RegExp(
  `[${Object.keys(commands)
    .join('')
    .replaceAll(/[\\\]^-]/g, '\\$&')}]`,
  'gu',
);

/**
 * Escaped so that LaTeX typesets the text itself: no commands, comments, ligatures of punctuation or line
 * breaks. A hyphen before a number becomes a minus sign. Letters beyond ASCII stay, as LaTeX reads UTF-8.
 */
export function latexText(text: string): string {
  return (
    cleanText(text)
      .replaceAll(/(^|[\s(])-(?=\d)/g, '$1−')
      // Two of them would become a dash or a quotation mark.
      .replaceAll(/([-',])(?=\1)/g, '$1\u0000')
      .replaceAll(special, (character) => commands[character]!)
      .replaceAll('\u0000', '{}')
  );
}

/** Lines of the table as a `tabular` with the rules of the package booktabs. A title of one letter is a variable. */
export function latexTable({ columns, rows }: Table): string[] {
  const line = (cells: readonly string[]) => `  ${cells.join(' & ')} \\\\`;
  const kinds = columns.map(({ kind }) => (kind === 'number' ? 'r' : 'l')).join('');
  return [
    `\\begin{tabular}{${kinds}}`,
    '  \\toprule',
    line(columns.map(({ title }) => (/^[a-z]$/i.test(title) ? `$${title}$` : latexText(title)))),
    '  \\midrule',
    ...rows.map((row) => line(columns.map((_, i) => latexText(cellText(row[i]))))),
    '  \\bottomrule',
    '\\end{tabular}',
  ];
}
