import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { jsonText, writeAtomic } from '../files/write-atomic.js';
import { readTrialLog } from '../log/read-log.js';
import { lossFigure, trialLosses } from '../report/figure-data.js';
import type { TrialLosses } from '../report/figure-data.js';
import { renderLossFigure } from '../report/figure.js';
import { pointTable } from '../report/point-table.js';
import { pointTableJson, renderPointTable } from '../report/point-table-text.js';
import { rasterize } from '../report/rasterize.js';
import { summaryJson } from '../report/summary-json.js';
import { renderSummary } from '../report/summary-text.js';
import { summarizeRun, summarizeTrial } from '../report/summary.js';
import type { RunSummary, TrialSummary } from '../report/summary.js';
import { trialHistory } from '../run/trial-history.js';
import type { LogRecord } from '../log/records.js';
import type { RunHeader } from '../live/run-header.js';
import type { Manifest } from '../run/manifest.js';
import { trialFiles } from '../run/run-directory.js';
import { readRun } from '../run/read-run.js';
import { sealRun } from '../run/seal.js';
import type { CommandContext } from '../cli/context.js';
import type { Output } from '../cli/options.js';
import { tableOptions, usesColor } from '../cli/views/screen.js';

/**
 * Draws a figure of nothing while there is nothing else to do: the first takes many times as long as
 * those after it, for which what draws is loaded and compiled.
 */
export function prepareReport({ config }: Manifest): void {
  if (config.sweep !== undefined) return;
  void renderLossFigure({ steps: 0, series: [] })
    .then((svg) => rasterize(svg))
    // The report draws with the same, and tells what is wrong with it.
    .catch(() => undefined);
}

export interface ReportOptions {
  readonly manifest: Manifest;
  readonly runFolder: string;
  readonly header: RunHeader;
  readonly output: Output;
}

/**
 * Prints what a run found, as far as its trials got: of a sweep a table of its points, of any other
 * run the summary, and draws its figure.
 * @returns whether a variant diverged
 */
export async function reportRun(
  options: ReportOptions,
  context: CommandContext,
): Promise<{ readonly diverged: boolean }> {
  if (options.manifest.config.sweep !== undefined) return reportSweep(options, context);
  const summary = await reportSeeds(options, context);
  return { diverged: summary?.trials.some(({ outcome }) => outcome === 'diverged') ?? false };
}

async function reportSweep(
  { manifest, runFolder, output }: ReportOptions,
  context: CommandContext,
): Promise<{ readonly diverged: boolean }> {
  const run = await readRun(runFolder);
  await sealRun(runFolder);
  const table = pointTable(run);
  const folder = relative(context.cwd, runFolder) || '.';
  if (output.json) context.stdout.write(jsonText(pointTableJson(table, manifest.runId, folder)));
  else if (!output.quiet) {
    const stream = output.format === 'tutorial' ? context.stderr : context.stdout;
    const lines = renderPointTable(table, tableOptions(stream, context));
    stream.write(`\n${[...lines, `run  ${folder}`].join('\n')}\n`);
  }
  return { diverged: run.trials.some(({ state }) => state === 'diverged') };
}

/** @returns undefined when no trial has started */
async function reportSeeds(
  { manifest, runFolder, header, output }: ReportOptions,
  context: CommandContext,
): Promise<RunSummary | undefined> {
  const trials: TrialSummary[] = [];
  const losses: TrialLosses[] = [];
  for (const { index } of manifest.trials) {
    // One log at a time, of which little is kept: all of a run's may not fit into memory.
    const records = await readLog(runFolder, index);
    if (!records.some(({ event }) => event === 'trial.start')) continue;
    trials.push(summarizeTrial(records));
    losses.push(trialLosses(trialHistory(records)));
  }
  if (trials.length === 0) return undefined;
  const summary = summarizeRun(trials);
  const figures = await drawFigure(runFolder, losses);
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

/** None of a trial that has not started. */
async function readLog(runFolder: string, index: number): Promise<readonly LogRecord[]> {
  try {
    return await readTrialLog(trialFiles(runFolder, index).log);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Both figures or, where the disk refuses one, neither. */
async function drawFigure(runFolder: string, losses: readonly TrialLosses[]): Promise<string[]> {
  const svg = await renderLossFigure(lossFigure(losses));
  const png = Buffer.from(await rasterize(svg));
  const files = { svg: join(runFolder, 'figure.svg'), png: join(runFolder, 'figure.png') };
  try {
    await writeAtomic(files.svg, svg);
    await writeAtomic(files.png, png);
  } catch (error) {
    // The run's list of checksums is to hold for what is left of it.
    await Promise.all(Object.values(files).map((path) => rm(path, { force: true })))
      .then(() => sealRun(runFolder))
      .catch(() => undefined);
    throw error;
  }
  return [files.svg, files.png];
}
