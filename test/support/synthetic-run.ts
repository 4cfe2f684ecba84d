import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { loadConfig } from '../../src/config/load.js';
import { jsonText, writeAtomic } from '../../src/files/write-atomic.js';
import { LineFile } from '../../src/files/line-file.js';
import { createTrialLog } from '../../src/log/trial-log.js';
import type { LogRecord } from '../../src/log/records.js';
import { trialResult } from '../../src/run/result.js';
import { extended, writeExtensions } from '../../src/run/extensions.js';
import { planCells } from '../../src/run/manifest.js';
import type { Extension, Manifest, Trial } from '../../src/run/manifest.js';
import { createRunDirectory, trialFiles } from '../../src/run/run-directory.js';
import { sealTrial } from '../../src/run/seal.js';
import { trialRecords } from './log-records.js';
import { manifestOf } from './manifest.js';
import type { TrialOptions } from './log-records.js';

export interface SyntheticRun {
  readonly seeds: readonly number[];
  readonly steps?: number;
  readonly overrides?: readonly string[];
  /** Its trials are the cells of a square: as many seeds as this. */
  readonly levels?: number;
  readonly points?: readonly Readonly<Record<string, unknown>>[];
  /** What a trial logs; `undefined`: it has not begun. */
  readonly trial?: (trial: Trial, variants: readonly string[]) => TrialOptions | undefined;
  /** Seeds that were added to it later. */
  readonly extension?: Extension;
}

/** A deterministic number in [-1, 1) that looks random. */
export function noise(...keys: readonly number[]): number {
  const x =
    Math.sin(keys.reduce((sum, key, i) => sum + key * (12.9898 + 65.233 * i), 0.5)) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

/** Accuracies and losses in which every later variant is `gain` better. */
export function gainfulTrial(gain: number, spread = 0.01, steps = 20) {
  return ({ index, seed }: Trial, variants: readonly string[]): TrialOptions => ({
    trial: index,
    seed,
    steps,
    loss: (variant, step) =>
      Math.max(1e-3, 2.3 * Math.exp(-step / (30 - 6 * variant)) * (1 + 0.05 * noise(seed, step))) +
      0.02 * noise(seed, step, variant + 1),
    accuracy: (variant, step) => 0.5 + 0.02 * variant + 0.1 * noise(seed, step, variant),
    test: variants.map(
      (_, i) => 0.9 + gain * i + 0.01 * noise(seed, 7) + spread * noise(seed, 3, i, index),
    ),
  });
}

/** Writes a run by Lockstep's own writers, with made-up numbers. @returns its folder */
export async function writeSyntheticRun(out: string, options: SyntheticRun): Promise<string> {
  const {
    seeds,
    steps = 20,
    overrides = [],
    points = [{}],
    trial = gainfulTrial(0.05, 0.01, steps),
  } = options;
  const config = await loadConfig({
    file: 'debug',
    overrides: [`training.steps=${steps}`, ...overrides],
    seeds: seeds.join(','),
    cwd: out,
  });
  const trials = points
    .flatMap((point) => seeds.map((seed) => ({ point, seed })))
    .map(({ point, seed }, index): Trial => ({ index, point, seed }));
  const { levels } = options;
  const made = manifestOf(
    config,
    levels === undefined ? { trials } : { trials: planCells(config, levels), variance: { levels } },
  );
  const data = [{ name: 'train-images-idx3-ubyte', md5: '0'.repeat(32) }];
  const planned = { ...made, provenance: { ...made.provenance, data } };
  const folder = await createRunDirectory(join(out, 'runs'), planned);
  const manifest = options.extension ? extended(planned, options.extension) : planned;
  if (options.extension) await writeExtensions(folder, manifest);
  const names = Object.keys(config.variants);
  const variants = Object.fromEntries(
    Object.entries(config.variants).map(([name, { label }]) => [name, { label, parameters: 100 }]),
  );
  for (const one of manifest.trials) {
    const logged = trial(one, names);
    if (logged) await writeTrial(folder, manifest, one, trialRecords({ ...logged, variants }));
  }
  return folder;
}

async function writeTrial(
  folder: string,
  { runId }: Manifest,
  { index, seed, point }: Trial,
  records: readonly LogRecord[],
): Promise<void> {
  const files = trialFiles(folder, index);
  mkdirSync(files.folder, { recursive: true });
  const file = new LineFile(files.log);
  let time = 0;
  const log = createTrialLog({ file, runId, trial: index, seed, lastSeq: 0, clock: () => time });
  const written = records.map((record) => {
    const { level, time: at, schemaVersion, runId: id, trial, seed: s, seq, ...fields } = record;
    time = at;
    return log.write(fields);
  });
  file.close();
  const outcome = written.findLast((record) => record.event === 'trial.end')?.outcome;
  if (outcome !== 'completed' && outcome !== 'diverged') return;
  const result = jsonText(trialResult(written, { point }));
  await sealTrial(files.folder, result);
  await writeAtomic(files.result, result);
}
