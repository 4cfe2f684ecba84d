import { join, relative } from 'node:path';
import { writeAtomic } from '../files/write-atomic.js';
import { readTrialLog } from '../log/read-log.js';
import { lossFigure } from '../report/figure-data.js';
import { renderLossFigure } from '../report/figure.js';
import { rasterize } from '../report/rasterize.js';
import { summaryJson } from '../report/summary-json.js';
import { renderSummary } from '../report/summary-text.js';
import { summarizeRun, summarizeTrial } from '../report/summary.js';
import type { RunSummary } from '../report/summary.js';
import { trialHistory } from '../report/trial-history.js';
import type { LogRecord } from '../log/records.js';
import type { RunHeader } from '../console/view.js';
import type { Manifest } from '../run/manifest.js';
import { trialFiles } from '../run/run-directory.js';
import { sealRun } from '../run/seal.js';
import type { CommandContext } from './context.js';
import type { Output } from './options.js';
import { usesColor } from './screen.js';

export interface ReportOptions {
  readonly manifest: Manifest;
  readonly runFolder: string;
  readonly header: RunHeader;
  readonly output: Output;
}

/**
 * Draws the run's figure and prints its summary, as far as its trials got.
 * @returns undefined when no trial has started
 */
export async function reportRun(
  { manifest, runFolder, header, output }: ReportOptions,
  context: CommandContext,
): Promise<RunSummary | undefined> {
  const logs = await readLogs(manifest, runFolder);
  if (logs.length === 0) return undefined;
  const summary = summarizeRun(logs.map(summarizeTrial));
  const figures = await drawFigure(runFolder, logs);
  await sealRun(runFolder);
  const shown = (path: string) => relative(context.cwd, path) || '.';
  const [only] = manifest.trials;
  const files = {
    run: shown(runFolder),
    ...(manifest.trials.length === 1 && only ? trialPaths(runFolder, only.index, shown) : {}),
    figure: figures.map(shown).join(', '),
  };
  if (output.json) {
    context.stdout.write(`${JSON.stringify(summaryJson(summary, header, files), null, 2)}\n`);
  } else if (!output.quiet) {
    // The tutorial's lines are all its format prints, so the summary goes beside them.
    const stream = output.format === 'tutorial' ? context.stderr : context.stdout;
    const color = usesColor(stream, context.env);
    const columns = stream.isTTY ? stream.columns : 100;
    stream.write(`\n${renderSummary(summary, { color, columns, files })}\n`);
  }
  return summary;
}

function trialPaths(runFolder: string, index: number, shown: (path: string) => string) {
  const { log, result } = trialFiles(runFolder, index);
  return { log: shown(log), result: shown(result) };
}

/** Of the trials that have started. */
async function readLogs(manifest: Manifest, runFolder: string): Promise<LogRecord[][]> {
  const logs = await Promise.all(
    manifest.trials.map(({ index }) =>
      readTrialLog(trialFiles(runFolder, index).log).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }),
    ),
  );
  return logs.filter((records) => records.some(({ event }) => event === 'trial.start'));
}

async function drawFigure(runFolder: string, logs: readonly LogRecord[][]): Promise<string[]> {
  const svg = await renderLossFigure(lossFigure(logs.map(trialHistory)));
  const files = { svg: join(runFolder, 'figure.svg'), png: join(runFolder, 'figure.png') };
  await writeAtomic(files.svg, svg);
  await writeAtomic(files.png, Buffer.from(await rasterize(svg)));
  return [files.svg, files.png];
}
