import { relative, resolve } from 'node:path';
import { passGate, writeReport } from '../../app/write-report.js';
import { renderMarkdown } from '../../report/markdown.js';
import { renderReportText } from '../../report/report-text.js';
import { decisions } from '../../statistics/verdict.js';
import { cleanLines } from '../../text/text.js';
import { defineCommand } from '../command.js';
import { oneOf, text, toggle } from '../flags.js';
import { runDir } from '../options.js';
import { usesColor } from '../terminal.js';

export const report = defineCommand({
  name: 'report',
  describe: 'Say whether the challenger is better; write report.html and report.json',
  positionals: { runDir },
  flags: {
    metric: text('Report another measured metric, marked exploratory, for instance test.loss'),
    format: oneOf(
      'What to print: the verdict, Markdown for a pull request, LaTeX for a paper, or all as JSON',
      ['html', 'markdown', 'latex', 'json'],
      { default: 'html' },
    ),
    gate: oneOf(
      'End with 6 unless every comparison has this verdict and no pair is missing',
      decisions,
    ),
    json: toggle('The same as --format json'),
  },
  async run(values, { cwd, env, stdout }) {
    const format = values.json ? 'json' : values.format;
    const folder = resolve(cwd, values.runDir);
    const { document, json, files, unwritten } = await writeReport(folder, values.metric);
    if (format === 'json') stdout.write(json);
    else if (format === 'latex') stdout.write(document.paper.latex);
    else if (format === 'markdown') stdout.write(cleanLines(renderMarkdown(document)));
    else {
      const shown = Object.entries(files).map(([kind, path]) => [kind, relative(cwd, path)]);
      const verdict = renderReportText(document, {
        color: usesColor(stdout, env),
        columns: stdout.isTTY ? stdout.columns : 100,
        files: Object.fromEntries(shown) as Record<string, string>,
      });
      stdout.write(`${verdict}\n`);
    }
    if (unwritten !== undefined) throw unwritten;
    if (values.gate !== undefined) passGate(document, values.gate);
    return 0;
  },
});
