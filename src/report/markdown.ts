import { withoutDirectionControls } from '../text/text.js';
import { formatMargin } from '../statistics/format-effect.js';
import { comparisonTable } from './comparison-table.js';
import type { ReportDocument } from './report-schema.js';
import { statisticsHead, statisticsRows } from './statistics-rows.js';
import { verdictFacts } from './verdict-facts.js';

/** The report for a pull request: GitHub-flavoured Markdown, ends with a newline. */
export function renderMarkdown(report: ReportDocument): string {
  const { headline, comparisons, decision, run, trials } = report;
  const [single] = comparisons.length === 1 ? comparisons : [];
  const failed = trials.filter(({ state }) => state !== 'completed');
  const flags = [
    ...(headline.provisional ? ['provisional'] : []),
    ...(decision.exploratory ? ['exploratory'] : []),
  ];
  const margin =
    decision.margin > 0 ? `margin ${formatMargin(decision.margin, decision.metric)}` : 'no margin';
  const verdict = [headline.decision, ...flags].join(', ');
  const lines = [
    `### ${verdict[0]!.toUpperCase()}${verdict.slice(1)}`,
    '',
    `**${markdownText(headline.sentence)}**`,
    '',
    ...(single
      ? markdownTable(
          ['', '', ''],
          verdictFacts(single).map(({ name, value, detail }) => [name, value, detail]),
        )
      : []),
    ...(comparisons.length > 1
      ? (({ head, rows }) => markdownTable(head, rows))(comparisonTable(report))
      : []),
    '',
    `${trials.length - failed.length} of ${trials.length} planned trials completed.`,
    ...(failed.length > 0
      ? [
          '',
          ...markdownTable(
            ['Trial', 'Seed', 'State', 'Steps', 'Reason'],
            failed.map(({ index, seed, state, steps, reason }) => [
              `${index}`,
              `${seed}`,
              state,
              `${steps} of ${run.steps}`,
              reason ?? '',
            ]),
          ),
        ]
      : []),
    ...(single && single.pairs.completed > 0
      ? [
          '',
          '<details><summary>Statistics</summary>',
          '',
          ...markdownTable(statisticsHead(single), statisticsRows(single)),
          '',
          '</details>',
        ]
      : []),
    '',
    markdownText(
      `${run.name}, ${run.engine} engine, ${run.steps} steps of ${run.batchSize} examples; decided by ${decision.metric} at alpha ${decision.alpha}, ${margin}; run ${run.runId}.`,
    ),
    '',
  ];
  return lines.join('\n');
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)];
}

/** Text that no reader of Markdown takes for anything but text: no markup, links, mentions or lines. */
export function markdownText(text: string): string {
  return (
    withoutDirectionControls(text)
      // eslint-disable-next-line no-control-regex -- a line break would end a table's row
      .replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
      .replaceAll(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
      .replaceAll(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
      // Zero width: neither a mention nor a link is made of what it interrupts.
      .replaceAll(/@(?=\w)|(?<=https?):(?=\/\/)|(?<=www)\./g, '$&\u200b')
  );
}
