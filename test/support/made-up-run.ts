import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonText } from '../../src/files/write-atomic.js';
import type { LogRecord } from '../../src/log/records.js';
import { trialFiles } from '../../src/run/run-directory.js';

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
  const manifest = {
    schemaVersion: 1,
    runId: madeUpRunId,
    config: {
      variants: { relu: {}, snn: {} },
      evaluation: { splits: [{ split: 'test', examples: 512 }] },
    },
    trials: trials.map(({ records, point = {} }, index) => ({
      index,
      point,
      seed: records[0]?.seed ?? index,
    })),
  };
  await writeFile(join(run, 'manifest.json'), jsonText(manifest));
  for (const [index, { records, torn = '' }] of trials.entries()) {
    const files = trialFiles(run, index);
    await mkdir(files.folder, { recursive: true });
    const lines = records.map((record) => `${JSON.stringify(record)}\n`);
    if (lines.length > 0) await writeFile(files.log, lines.join('') + torn);
  }
  return run;
}
