import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dispatchRun } from '../../src/app/dispatch-run.js';
import { fixedRun, loadRequested, planRun } from '../../src/app/plan-run.js';
import { runStoreTrial } from '../../src/app/store-trial.js';
import type { StoreTrialEnd } from '../../src/app/store-trial.js';
import type { Surroundings } from '../../src/app/surroundings.js';
import { openStore } from '../../src/store/open-store.js';
import { startLockstep } from './lockstep.js';
import type { Running } from './lockstep.js';
import { writeTinyDataset } from './tiny-run.js';

/** What a command that is run from this process is given. */
export function surroundingsOf(cwd: string): Surroundings {
  const stop = new AbortController().signal;
  return { stop, cwd, env: process.env, clock: Date.now };
}

/** Keys of the debug configuration on the tiny dataset, which it writes, and further ones. */
export async function tinyKeys(cwd: string, set: readonly string[] = []): Promise<string[]> {
  const folder = await writeTinyDataset(cwd);
  return [
    `data.path=${folder}`,
    'data.validationSize=10',
    'evaluation.splits=[{split: test, examples: all}]',
    ...set,
  ];
}

export interface StoredRunOptions {
  readonly set?: readonly string[];
  readonly seeds?: string;
  readonly withData?: boolean;
  /** Default: the folder `store`. */
  readonly base?: string;
}

/**
 * Makes a run in a store, with the embedded engine and a trace, for other processes to train.
 * @returns the run's own store
 */
export async function storedRun(
  cwd: string,
  { set = [], seeds = '1', withData = false, base = 'store' }: StoredRunOptions = {},
): Promise<string> {
  const surroundings = surroundingsOf(cwd);
  const request = { config: 'debug', set: await tinyKeys(cwd, set), seeds };
  const loaded = fixedRun(await loadRequested(request, surroundings));
  const engine = { engine: 'wasm', device: 'auto', jobs: 1, trace: true } as const;
  const { manifest } = await planRun(loaded, engine, surroundings);
  return (await dispatchRun(manifest, { base, withData }, surroundings)).store;
}

/** Takes part in a trial, training in `scratch` under the folder. */
export async function trainStored(
  cwd: string,
  address: string,
  index: number,
  { data = [] }: { readonly data?: readonly string[] } = {},
): Promise<StoreTrialEnd> {
  const surroundings = surroundingsOf(cwd);
  return runStoreTrial(
    {
      store: await openStore(address, surroundings),
      index: String(index),
      ...{ data, scratch: join(cwd, 'scratch'), uploadEvery: 50, stallTimeout: 0 },
      ...{ jobs: 1, slot: 0, checked: new Map(), note: () => undefined },
    },
    surroundings,
  );
}

/** Starts a process for a trial; it trains in `scratch` under the folder and looks at the store all the time. */
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
