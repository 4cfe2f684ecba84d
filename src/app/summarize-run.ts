import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomic } from '../files/write-atomic.js';
import { readRecords } from '../log/read.js';
import type { TrialStartRecord } from '../log/records.js';
import { LockstepError, serializeError } from '../protocol/index.js';
import { lossFigure, stepLosses, trialLosses } from '../report/figure-data.js';
import type { StepLosses, TrialLosses } from '../report/figure-data.js';
import { renderLossFigure } from '../report/figure.js';
import { rasterize } from '../report/plots/render.js';
import { addTimes, summarizeRun, summarizeTrial } from '../report/summary.js';
import type { RunSummary, Times, TrialSummary } from '../report/summary.js';
import type { Manifest } from '../run/manifest.js';
import { readRun } from '../run/read-run.js';
import type { Run } from '../run/read-run.js';
import { trialFiles } from '../run/run-directory.js';
import { sealRun } from '../run/seal.js';
import { lastingRecords } from '../run/trial-history.js';

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
  // The run's own figure fails for the same reason, and reports it.
  renderLossFigure({ steps: 0, series: [] }).catch(() => undefined);
}

/** Reads the results of a run, draws its figure unless it is a sweep, and seals it. */
export async function summarizeFinished(
  manifest: Manifest,
  runFolder: string,
  draw = drawFigure,
): Promise<Findings> {
  const trials: TrialSummary[] = [];
  const losses: TrialLosses[] = [];
  if (manifest.config.sweep === undefined) {
    for (const { index } of manifest.trials) {
      const digest = await digestTrial(trialFiles(runFolder, index).log);
      if (digest === undefined) continue;
      trials.push(digest.summary);
      losses.push(digest.losses);
    }
  }
  const troubles: LockstepError[] = [];
  let figure: Findings['figure'] = {};
  try {
    if (losses.length > 0) figure = await draw(runFolder, losses);
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

interface TrialDigest {
  readonly summary: TrialSummary;
  readonly losses: TrialLosses;
}

/**
 * Reads what summary and figure need of a trial's log, record by record: a log may be larger than memory.
 * @returns undefined for a trial that has not started
 */
export async function digestTrial(log: string): Promise<TrialDigest | undefined> {
  const kept = lastingRecords();
  const steps: StepLosses[] = [];
  let start: TrialStartRecord | undefined;
  let times: Times = {};
  for await (const record of readRecords(log, { undisturbed: true })) {
    kept.add(record);
    if (record.event === 'trial.start') start = record;
    if (record.event !== 'step') continue;
    steps.push(stepLosses(record));
    times = addTimes(times, record);
  }
  if (start === undefined) return undefined;
  return { summary: summarizeTrial(kept.records, times), losses: trialLosses(start, steps) };
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
    hint: 'The trials and their results are complete: draw the figure again with `lockstep resume`, or use `lockstep report`.',
  });
}

function asTrouble(cause: unknown): LockstepError {
  if (cause instanceof LockstepError) return cause;
  return new LockstepError('bug', serializeError(cause).message, { cause });
}
