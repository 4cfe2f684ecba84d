import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.js';
import { jsonText } from '../../src/files/write-atomic.js';
import type { LogRecord } from '../../src/log/records.js';
import type { Manifest, Trial } from '../../src/run/manifest.js';
import { trialFiles } from '../../src/run/run-directory.js';
import { manifestOf } from './manifest.js';

export const madeUpRunId = 'tutorial-20260101T000000Z-abcdef';

/**
 * Writes a run whose trials were never trained: a manifest with what readers of logs need, and logs.
 * @returns the run's folder
 */
export async function writeMadeUpRun(
  folder: string,
  trials: readonly {
    readonly records: readonly LogRecord[];
    readonly point?: Readonly<Record<string, unknown>>;
    /** Added to the log behind its last record. */
    readonly torn?: string;
  }[],
): Promise<string> {
  const run = join(folder, madeUpRunId);
  await mkdir(run, { recursive: true });
  const manifest = await madeUpManifest(
    trials.map(({ records, point = {} }, index) => ({
      index,
      point,
      seed: records[0]?.seed ?? index,
    })),
  );
  await writeFile(join(run, 'manifest.json'), jsonText(manifest));
  for (const [index, { records, torn = '' }] of trials.entries()) {
    const files = trialFiles(run, index);
    await mkdir(files.folder, { recursive: true });
    const lines = records.map((record) => `${JSON.stringify(record)}\n`);
    if (lines.length > 0) await writeFile(files.log, lines.join('') + torn);
  }
  return run;
}

/** A manifest of the debug configuration, but for its trials, that no program has written. */
export async function madeUpManifest(trials: readonly Trial[]): Promise<Manifest> {
  const config = await loadConfig({
    file: 'debug',
    overrides: ['evaluation.splits.0.examples=512'],
    cwd: '.',
  });
  return manifestOf(config, { runId: madeUpRunId, trials });
}
