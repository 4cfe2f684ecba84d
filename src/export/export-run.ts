import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { streamAtomic } from '../files/write-atomic.js';
import { readRecords } from '../log/read.js';
import { LockstepError } from '../protocol/index.js';
import type { Manifest, Trial } from '../run/manifest.js';
import { readRunManifest, trialFiles } from '../run/run-directory.js';
import type { RunManifest } from '../run/run-directory.js';
import { csvPieces } from './csv.js';
import { writeParquet } from './parquet.js';
import { importedEvents, importedTable } from './imported-table.js';
import { stepMeasurements } from './step-measurements.js';
import type { StepMeasurements } from './step-measurements.js';
import { rowMaker, tableColumns } from './table.js';
import type { Row, Table } from './table.js';
import { writeEventFile, writeEvents } from './tensorboard.js';

export const exportFormats = ['tensorboard', 'csv', 'parquet'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  readonly runFolder: string;
  readonly format: ExportFormat;
  /** Folder for what is written; several runs can be exported to one. */
  readonly out: string;
}

/**
 * Writes the measurements of a run, as far as its trials came, for other tools: `<out>/<run>.csv` or
 * `.parquet`, or `<out>/<run>/<trial>-<seed>/<variant>/` with an event file. Streams the logs.
 * @returns the paths of the files
 * @throws LockstepError `data` when no trial has started
 */
export async function exportRun({ runFolder, format, out }: ExportOptions): Promise<string[]> {
  const { manifest, trials } = await startedTrials(runFolder);
  if (format === 'tensorboard') return exportEvents(manifest, trials, runFolder, out);
  const path = join(out, `${manifest.runId}.${format}`);
  const table = runTable(manifest, trials, runFolder);
  if (format === 'parquet') await writeParquet(path, table);
  else await streamAtomic(path, csvPieces(table.columns, table.rows));
  return [path];
}

/**
 * The CSV that {@link exportRun} writes, piece by piece.
 * @throws LockstepError `data` when no trial has started
 */
export async function* runCsv(runFolder: string): AsyncGenerator<string> {
  const { manifest, trials } = await startedTrials(runFolder);
  const { columns, rows } = runTable(manifest, trials, runFolder);
  yield* csvPieces(columns, rows);
}

async function startedTrials(runFolder: string) {
  const manifest = await readRunManifest(runFolder);
  if (manifest.kind !== undefined) return { manifest, trials: manifest.trials };
  const trials = manifest.trials.filter(({ index }) =>
    existsSync(trialFiles(runFolder, index).log),
  );
  if (trials.length > 0) return { manifest, trials };
  throw new LockstepError('data', `${runFolder}: expected a trial that has started, got none`, {
    hint: 'Run or resume it first.',
  });
}

function runTable(manifest: RunManifest, trials: readonly Trial[], runFolder: string): Table {
  if (manifest.kind !== undefined) return importedTable(manifest, runFolder);
  return { columns: tableColumns(manifest), rows: allRows(manifest, trials, runFolder) };
}

async function* allRows(
  manifest: Manifest,
  trials: readonly Trial[],
  runFolder: string,
): AsyncGenerator<Row> {
  for (const trial of trials) {
    const row = rowMaker(manifest, trial);
    for await (const measurements of measurementsOf(trial, runFolder)) yield row(measurements);
  }
}

async function exportEvents(
  manifest: RunManifest,
  trials: readonly Trial[],
  runFolder: string,
  out: string,
): Promise<string[]> {
  const paths: string[] = [];
  for (const trial of trials) {
    const start =
      manifest.kind === undefined
        ? await startTime(trial, runFolder)
        : Date.parse(manifest.createdAt);
    if (start === undefined) continue;
    const name = `${String(trial.index).padStart(4, '0')}-${trial.seed}`;
    for (const variant of Object.keys(manifest.config.variants)) {
      const folder = join(out, manifest.runId, name, variant);
      if (manifest.kind !== undefined) {
        const events = importedEvents(trial, variant, runFolder, start / 1000);
        paths.push(await writeEvents(folder, events, start));
        continue;
      }
      const measurements = ofVariant(measurementsOf(trial, runFolder), variant);
      paths.push(await writeEventFile(folder, measurements, start));
    }
  }
  return paths;
}

function measurementsOf({ index }: Trial, runFolder: string): AsyncGenerator<StepMeasurements> {
  return stepMeasurements(readRecords(trialFiles(runFolder, index).log, { undisturbed: true }));
}

async function startTime({ index }: Trial, runFolder: string): Promise<number | undefined> {
  for await (const { time } of readRecords(trialFiles(runFolder, index).log)) return time;
  return undefined;
}

async function* ofVariant(
  measurements: AsyncIterable<StepMeasurements>,
  variant: string,
): AsyncGenerator<StepMeasurements> {
  for await (const measured of measurements) if (measured.variant === variant) yield measured;
}
