import { join } from 'node:path';
import { lockstep, onlyRun } from './lockstep.js';
import { writeIdxDataset } from './idx-writer.js';

/** A dataset of 60 training and 20 test images of 8 x 8 pixels, in `digits` under `cwd`. */
export async function writeTinyDataset(cwd: string): Promise<string> {
  const folder = join(cwd, 'digits');
  const examples = (count: number, salt: number) => ({
    images: Uint8Array.from({ length: count * 64 }, (_, i) => (i * i * 31 + salt * i) % 256),
    labels: Uint8Array.from({ length: count }, (_, i) => (i * 7 + salt) % 10),
    rows: 8,
    cols: 8,
  });
  await writeIdxDataset(folder, { train: examples(60, 3), test: examples(20, 5) });
  return folder;
}

/**
 * Trains the debug configuration on the tiny dataset with the embedded engine, and a trace.
 * @returns the run's folder
 */
export async function tinyRun(cwd: string, ...args: string[]): Promise<string> {
  const folder = await writeTinyDataset(cwd);
  const overrides = [
    `data.path=${folder}`,
    'data.validationSize=10',
    'evaluation.splits=[{split: test, examples: all}]',
  ].flatMap((override) => ['--set', override]);
  const { code, stderr } = await lockstep(
    cwd,
    ...['run', 'debug', '--engine', 'wasm', '--trace', '--quiet', ...overrides, ...args],
  );
  if (code !== 0) throw new Error(`expected the run to end with 0, got ${code}:\n${stderr}`);
  return onlyRun(cwd);
}
