import { join, relative, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { writeAtomic } from '../../files/write-atomic.js';
import { LockstepError } from '../../protocol/index.js';
import { renderReportPage } from '../../report/html/page.js';
import { renderMarkdown } from '../../report/markdown.js';
import { reportJson } from '../../report/report-json.js';
import type { ReportDocument } from '../../report/report-schema.js';
import { reportOfRun } from '../../report/read-report.js';
import { renderReportText } from '../../report/report-text.js';
import { collectProvenance } from '../../run/provenance.js';
import { sealRun } from '../../run/seal.js';
import { decisions } from '../../statistics/verdict.js';
import type { CommandContext, ExitCode } from '../context.js';
import { once } from '../options.js';
import { usesColor } from '../views/screen.js';

interface ReportArguments {
  readonly runDir: string;
  readonly metric?: string;
  readonly format: string;
  readonly gate?: string;
  readonly json: boolean;
}

/** `lockstep report [runDir]`: the verdict, and report.html and report.json in the run's folder. */
export function reportCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, ReportArguments> {
  return {
    command: 'report [runDir]',
    describe: 'Say whether the challenger is better; write report.html and report.json',
    builder: (yargs) =>
      yargs
        .positional('runDir', {
          type: 'string',
          default: 'runs/latest',
          describe: 'Folder of the run',
        })
        .options({
          metric: {
            type: 'string',
            requiresArg: true,
            describe: 'Report another measured metric, marked exploratory, for instance test.loss',
          },
          format: {
            type: 'string',
            choices: ['html', 'markdown', 'json'],
            default: 'html',
            requiresArg: true,
            describe: 'What is printed: the verdict, Markdown for a pull request, or all as JSON',
          },
          gate: {
            type: 'string',
            choices: decisions,
            requiresArg: true,
            describe: 'End with 6 unless every comparison has this verdict and no pair is missing',
          },
          json: {
            type: 'boolean',
            default: false,
            describe: 'The same as --format json',
          },
        }) as never,
    handler: async (args) => {
      await report(args, context);
      exit(0);
    },
  };
}

async function report(args: ReportArguments, context: CommandContext): Promise<void> {
  const runFolder = resolve(context.cwd, once(args.runDir, 'runDir'));
  const format = args.json ? 'json' : once(args.format, '--format');
  const { lockstep } = await collectProvenance([]);
  const document = await reportOfRun(runFolder, lockstep, once(args.metric, '--metric'));
  const json = reportJson(document);
  // Looking at another metric must not replace the report of the one that was fixed.
  const { exploratory, metric } = document.decision;
  const name = exploratory ? `report-${metric}` : 'report';
  const files = { html: join(runFolder, `${name}.html`), json: join(runFolder, `${name}.json`) };
  await writeAtomic(files.json, json);
  await writeAtomic(files.html, await renderReportPage(document));
  await sealRun(runFolder);

  const { stdout } = context;
  if (format === 'json') stdout.write(json);
  else if (format === 'markdown') stdout.write(renderMarkdown(document));
  else {
    const shown = Object.entries(files).map(
      ([kind, path]) => [kind, relative(context.cwd, path)] as const,
    );
    const text = renderReportText(document, {
      color: usesColor(stdout, context.env),
      columns: stdout.isTTY ? stdout.columns : 100,
      files: Object.fromEntries(shown),
    });
    stdout.write(`${text}\n`);
  }
  const gate = once(args.gate, '--gate');
  if (gate !== undefined) passGate(document, gate);
}

/** @throws LockstepError `verification` unless the report's every comparison came out as `gate` says */
function passGate({ headline, decision }: ReportDocument, gate: string): void {
  const expected = `--gate: expected the verdict ${gate}`;
  if (decision.exploratory) {
    throw new LockstepError(
      'verification',
      `${expected} by ${decision.registered}, got an exploratory report of ${decision.metric}`,
      { hint: 'Only the metric fixed before the run can pass a gate: leave out --metric.' },
    );
  }
  if (headline.decision !== gate) {
    throw new LockstepError('verification', `${expected}, got ${headline.decision}`, {
      hint: headline.sentence,
    });
  }
  if (headline.provisional) {
    throw new LockstepError(
      'verification',
      `${expected} with all planned pairs, got some missing`,
      {
        hint: 'Finish the run with `lockstep resume`, or run the planned number of seeds.',
      },
    );
  }
}
