import { formatMargin } from '../statistics/format-effect.js';
import { markdownTable, markdownText } from '../text/markdown.js';
import { count } from '../text/numbers.js';
import { numberColumn, tableOf, textColumn } from '../text/table.js';
import { sentenceCase } from '../text/text.js';
import { comparisonTable } from './comparison-table.js';
import {
  dataSetsSentence,
  dataSetsTable,
  dataSetsTestsTable,
  rankTestsTable,
} from './data-sets-text.js';
import { earlyStopsTable } from './early-stops-table.js';
import { extentTexts } from './extent.js';
import { raceSentence, raceTable } from './race-table.js';
import { headlineWord } from './headline.js';
import type { ReportDocument } from './report-schema.js';
import { looksTable } from './sequence-table.js';
import { statisticsTable } from './statistics-table.js';
import { varianceNotes, varianceSentences, varianceTables } from './variance-text.js';
import { factsTable } from './verdict-facts.js';
import { winsTable } from './wins-table.js';

/** The report for a pull request: GitHub-flavoured Markdown, ends with a newline. */
export function renderMarkdown(report: ReportDocument): string {
  const { headline, comparisons, decision, run, trials } = report;
  const [single] = comparisons.length === 1 ? comparisons : [];
  const due = trials.filter(({ state }) => state !== 'dropped');
  const failed = due.filter(({ state }) => state !== 'completed');
  const flags = [
    ...(headline.provisional ? ['provisional'] : []),
    ...(decision.exploratory ? ['exploratory'] : []),
  ];
  const margin =
    decision.margin > 0 ? `margin ${formatMargin(decision.margin, decision.metric)}` : 'no margin';
  const failures = tableOf('Trials that did not complete', failed, [
    numberColumn('Trial', ({ index }) => index),
    numberColumn('Seed', ({ seed }) => seed),
    textColumn('State', ({ state }) => state),
    textColumn('Steps', ({ steps, point }) => `${steps} of ${report.points[point]!.steps}`),
    textColumn('Reason', ({ reason }) => reason ?? ''),
  ]);
  const stops = earlyStopsTable(report);
  const lines = [
    `### ${sentenceCase([headlineWord(headline), ...flags].join(', '))}`,
    '',
    `**${markdownText(headline.sentence)}**`,
    '',
    ...report.notes.flatMap((note) => [`Note: ${markdownText(note)}.`, '']),
    ...(single ? markdownTable(factsTable(single)) : []),
    ...(comparisons.length > 1
      ? [...markdownTable(comparisonTable(report)), '', ...markdownTable(winsTable(report))]
      : []),
    ...(comparisons.length > 1 ? markdownTable(comparisonTable(report)) : []),
    ...varianceMarkdown(report),
    ...dataSetsLines(report),
    '',
    `${due.length - failed.length} of ${count(due.length, 'planned trial')} completed.`,
    ...(failed.length > 0 ? ['', ...markdownTable(failures)] : []),
    ...(stops ? ['', ...markdownTable(stops)] : []),
    ...raceLines(report),
    ...(single?.sequential === undefined
      ? []
      : ['', ...markdownTable(looksTable(single, 'Looks'))]),
    ...(single && single.pairs.completed > 0
      ? [
          '',
          '<details><summary>Statistics</summary>',
          '',
          ...markdownTable(statisticsTable(single)),
          '',
          '</details>',
        ]
      : []),
    ...paperLines(report),
    '',
    markdownText(
      `${[run.name, ...extentTexts(report)].join(', ')}; ${report.variance ? '' : 'decided '}by ${decision.metric} at alpha ${decision.alpha}${report.variance ? '' : `, ${margin}`}; run ${run.runId}.`,
    ),
    '',
  ];
  return lines.join('\n');
}

function dataSetsLines(report: ReportDocument): string[] {
  const { dataSets } = report;
  if (!dataSets) return [];
  const tests = [dataSetsTestsTable(report, dataSets), rankTestsTable(dataSets)];
  return [
    '',
    markdownText(dataSetsSentence(report, dataSets)),
    ...[dataSetsTable(report, dataSets), ...tests].flatMap((table) =>
      table ? ['', ...markdownTable(table)] : [],
    ),
  ];
}

function varianceMarkdown({ variance }: ReportDocument): string[] {
  if (!variance) return [];
  return [
    ...varianceNotes(variance).flatMap((note) => [markdownText(note), '']),
    ...varianceSentences(variance).map((sentence) => `- ${markdownText(sentence)}`),
    ...varianceTables(variance).flatMap((table) => ['', ...markdownTable(table)]),
  ];
}

/** LaTeX stays as it is in its fence: it contains no backtick. */
function paperLines({ paper }: ReportDocument): string[] {
  return [
    '',
    '<details><summary>For your paper</summary>',
    '',
    markdownText(paper.paragraph),
    '',
    '```latex',
    paper.latex.trimEnd(),
    '```',
    '',
    '</details>',
  ];
}

function raceLines({ race, points, baseline }: ReportDocument): string[] {
  if (race === undefined) return [];
  const table = raceTable(
    race,
    points.map(({ label }) => label),
  );
  return ['', `${markdownText(raceSentence(race, baseline))}.`, '', ...markdownTable(table)];
}
