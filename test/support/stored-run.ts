import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTinyDataset } from './tiny-run.js';
import { lockstep, startLockstep } from './lockstep.js';
import type { Running } from './lockstep.js';

/** The flags of the debug configuration on the tiny dataset, which it writes, with the embedded engine and a trace. */
export async function tinyFlags(cwd: string): Promise<string[]> {
  const folder = await writeTinyDataset(cwd);
  const overrides = [
    `data.path=${folder}`,
    'data.validationSize=10',
    'evaluation.splits=[{split: test, examples: all}]',
  ];
  return [
    ...['debug', '--engine', 'wasm', '--trace', '--quiet'],
    ...overrides.flatMap((override) => ['--set', override]),
  ];
}

/**
 * Makes a run in the store `store` under a folder, for other processes to train.
 * @returns the run's own store, absolute
 */
export async function storedRun(cwd: string, ...args: string[]): Promise<string> {
  const flags = await tinyFlags(cwd);
  const { code, stdout, stderr } = await lockstep(
    cwd,
    ...['run', ...flags, '--store', 'store', ...args],
  );
  if (code !== 0) throw new Error(`expected the run to be made, got ${code}:\n${stderr}`);
  return stdout.trim();
}

/** Starts a trial of a run in a store; it trains in `scratch` under the folder and looks at the store all the time. */
export function startTrial(cwd: string, store: string, index: number, ...args: string[]): Running {
  return startLockstep(
    cwd,
    ...['trial', store, String(index), '--upload-every', '50ms'],
    ...['--scratch', join(cwd, 'scratch'), ...args],
  );
}

/** The names below a folder, of files alone. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
