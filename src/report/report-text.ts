import picocolors from 'picocolors';
import { textTable } from '../text/table.js';
import { cleanText, sentenceCase } from '../text/text.js';
import { comparisonTable } from './comparison-table.js';
import { dataSetsSentence } from './data-sets-text.js';
import { raceSentence } from './race-table.js';
import { headlineWord } from './headline.js';
import type { ReportDocument } from './report-schema.js';
import { varianceTableLines } from './variance-text.js';
import { factsTable } from './verdict-facts.js';

export interface ReportTextOptions {
  readonly color: boolean;
  /** Cells of a line. */
  readonly columns: number;
  /** The files written, by kind. */
  readonly files: Readonly<Record<string, string>>;
}

const tones = {
  better: 'green',
  worse: 'red',
  equivalent: 'cyan',
  inconclusive: 'yellow',
  mixed: 'magenta',
  none: 'cyan',
} as const;

/** The verdict and the numbers it rests on, for a terminal; lines joined by `\n`. */
export function renderReportText(
  report: ReportDocument,
  { color, columns, files }: ReportTextOptions,
): string {
  const colors = picocolors.createColors(color);
  const { headline, comparisons, decision, race, baseline } = report;
  const flags = `${headline.provisional ? ', provisional' : ''}${decision.exploratory ? ', exploratory' : ''}`;
  const [single] = comparisons.length === 1 ? comparisons : [];
  const tone = colors[tones[headline.decision]];
  const table = single
    ? // Its sentences may be longer than a line and are never cut.
      textTable(factsTable(single), { columns: Infinity, dim: colors.dim })
    : report.variance
      ? varianceTableLines(report.variance, { columns, dim: colors.dim })
      : textTable(comparisonTable(report, true), { columns, dim: colors.dim });
  const written = filesTable(files, colors.dim);
  return [
    tone(colors.bold(`${headlineWord(headline)}${flags}`)),
    cleanText(headline.sentence),
    ...report.notes.map((note) => colors.yellow(`${sentenceCase(cleanText(note))}.`)),
    ...(race ? [`${cleanText(raceSentence(race, baseline))}.`] : []),
    '',
    ...table,
    ...(report.dataSets ? ['', cleanText(dataSetsSentence(report, report.dataSets))] : []),
    ...(written.length > 0 ? [''] : []),
    ...written,
  ].join('\n');
}

/** Lines with the files a command wrote, by kind; paths are never cut. */
export function filesTable(
  files: Readonly<Record<string, string>>,
  dim: (text: string) => string,
): string[] {
  const columns = ['', ''].map((title) => ({ title, kind: 'text' as const }));
  return textTable(
    { caption: 'files', columns, rows: Object.entries(files) },
    { columns: Infinity, dim },
  );
}
