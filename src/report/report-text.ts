import picocolors from 'picocolors';
import stringWidth from 'string-width';
import { cleanText } from '../text/text.js';
import { comparisonTable } from './comparison-table.js';
import type { ReportDocument } from './report-schema.js';
import { renderTable } from '../text/table.js';
import { verdictFacts } from './verdict-facts.js';
import type { VerdictFact } from './verdict-facts.js';

export interface ReportTextOptions {
  readonly color: boolean;
  /** Cells of a line. */
  readonly columns: number;
  /** What was written, by kind. */
  readonly files: Readonly<Record<string, string>>;
}

const tones = {
  better: 'green',
  worse: 'red',
  equivalent: 'cyan',
  inconclusive: 'yellow',
  mixed: 'magenta',
} as const;

/** Names and values in columns. */
function factLines(facts: readonly VerdictFact[], dim: (text: string) => string): string[] {
  const cells = facts.map(({ name, value, detail }) => [name, value, detail].map(cleanText));
  const widths = [0, 1].map((i) => Math.max(...cells.map((row) => stringWidth(row[i]!))));
  const padded = (text: string, width: number) => text + ' '.repeat(width - stringWidth(text));
  return cells.map(([name, value, detail]) =>
    [dim(padded(name!, widths[0]!)), padded(value!, widths[1]!), dim(detail!)].join('  '),
  );
}

/** The verdict and the numbers it rests on, for a terminal; lines joined by `\n`. */
export function renderReportText(
  report: ReportDocument,
  { color, columns, files }: ReportTextOptions,
): string {
  const colors = picocolors.createColors(color);
  const { headline, comparisons, decision } = report;
  const flags = `${headline.provisional ? ', provisional' : ''}${decision.exploratory ? ', exploratory' : ''}`;
  const [single] = comparisons.length === 1 ? comparisons : [];
  const tone = colors[tones[headline.decision]];
  const width = Math.max(0, ...Object.keys(files).map((kind) => kind.length));
  const { head, rows } = comparisonTable(report);
  const table = renderTable(
    head.slice(3),
    rows.map(([title = '', , , ...cells]) => ({
      title: cleanText(title),
      cells: cells.map(cleanText),
    })),
    { columns, dim: colors.dim },
  );
  const facts = single ? factLines(verdictFacts(single), colors.dim) : table;
  return [
    tone(colors.bold(`${headline.decision}${flags}`)),
    cleanText(headline.sentence),
    '',
    ...facts,
    ...(Object.keys(files).length > 0 ? [''] : []),
    ...Object.entries(files).map(
      ([kind, path]) => `${colors.dim(kind.padEnd(width))}  ${cleanText(path)}`,
    ),
  ].join('\n');
}
