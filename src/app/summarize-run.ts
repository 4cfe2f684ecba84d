import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomic } from '../files/write-atomic.js';
import { readTrialLog } from '../log/read-log.js';
import type { LogRecord } from '../log/records.js';
import { LockstepError, serializeError } from '../protocol/index.js';
import { lossFigure, trialLosses } from '../report/figure-data.js';
import type { TrialLosses } from '../report/figure-data.js';
import { renderLossFigure } from '../report/figure.js';
import { rasterize } from '../report/plots/render.js';
import { summarizeRun, summarizeTrial } from '../report/summary.js';
import type { RunSummary, TrialSummary } from '../report/summary.js';
import type { Manifest } from '../run/manifest.js';
import { readRun } from '../run/read-run.js';
import type { Run } from '../run/read-run.js';
import { trialFiles } from '../run/run-directory.js';
import { sealRun } from '../run/seal.js';
import { trialHistory } from '../run/trial-history.js';

/** The results of a run, as far as its trials got. */
export interface Findings {
  readonly run: Run;
  /** The seeds side by side; absent for a sweep, and while no trial has started. */
  readonly summary?: RunSummary | undefined;
  /** Paths of the figure that was drawn, by format; empty where none was. */
  readonly figure: Readonly<Record<string, string>>;
  /** Why the figure could not be drawn or the run not be sealed; the trials are unaffected. */
  readonly troubles: readonly LockstepError[];
}

/**
 * Draws an empty figure while there is nothing else to do: the first takes many times as long as
 * those after it, because what draws must be loaded and compiled.
 */
export function prepareFigure({ config }: Manifest): void {
  if (config.sweep !== undefined) return;
  void renderLossFigure({ steps: 0, series: [] })
    .then((svg) => rasterize(svg))
    // The run's own figure fails for the same reason, and reports it.
    .catch(() => undefined);
}

/** Reads the results of a run, draws its figure unless it is a sweep, and seals it. */
export async function summarizeFinished(manifest: Manifest, runFolder: string): Promise<Findings> {
  const trials: TrialSummary[] = [];
  const losses: TrialLosses[] = [];
  if (manifest.config.sweep === undefined) {
    for (const { index } of manifest.trials) {
      // One log at a time: all logs of a run may not fit into memory.
      const records = await readLog(runFolder, index);
      if (!records.some(({ event }) => event === 'trial.start')) continue;
      trials.push(summarizeTrial(records));
      losses.push(trialLosses(trialHistory(records)));
    }
  }
  const troubles: LockstepError[] = [];
  let figure: Findings['figure'] = {};
  try {
    if (losses.length > 0) figure = await drawFigure(runFolder, losses);
  } catch (cause) {
    troubles.push(notDrawn(cause));
  }
  try {
    await sealRun(runFolder);
  } catch (cause) {
    troubles.push(asTrouble(cause));
  }
  return {
    run: await readRun(runFolder),
    ...(trials.length > 0 && { summary: summarizeRun(trials) }),
    figure,
    troubles,
  };
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
async function drawFigure(
  runFolder: string,
  losses: readonly TrialLosses[],
): Promise<Readonly<Record<string, string>>> {
  const svg = await renderLossFigure(lossFigure(losses));
  const png = Buffer.from(await rasterize(svg));
  const files = { svg: join(runFolder, 'figure.svg'), png: join(runFolder, 'figure.png') };
  try {
    await writeAtomic(files.svg, svg);
    await writeAtomic(files.png, png);
  } catch (error) {
    await Promise.all(Object.values(files).map((path) => rm(path, { force: true }))).catch(
      () => undefined,
    );
    throw error;
  }
  return files;
}

function notDrawn(cause: unknown): LockstepError {
  if (cause instanceof LockstepError && cause.code === 'disk') return cause;
  return new LockstepError('bug', `the figure was not drawn: ${serializeError(cause).message}`, {
    cause,
    hint: 'The trials and their results are complete: draw it again with `lockstep resume`, or look at `lockstep report`.',
  });
}

function asTrouble(cause: unknown): LockstepError {
  if (cause instanceof LockstepError) return cause;
  return new LockstepError('bug', serializeError(cause).message, { cause });
}
