import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointPath, stateFile } from '../checkpoint/checkpoints.js';
import { sha256File } from '../files/checksums.js';
import { LockstepError } from '../protocol/index.js';
import type { TrialFiles } from '../run/run-directory.js';
import { download, getJson } from '../store/contents.js';
import type { Store } from '../store/store.js';
import { trialName } from './run-store.js';

/** A checkpoint in a store whose `state.json` is there. */
export interface StoredCheckpoint {
  readonly attempt: number;
  readonly step: number;
}

/** The checkpoints of all attempts at a trial, newest first. @param names of all that the store has of the trial */
export function storedCheckpoints(names: readonly string[]): StoredCheckpoint[] {
  return names
    .flatMap((name) => {
      const [, attempt, step] = /\/a(\d+)\/checkpoints\/step-(\d+)\/state\.json$/.exec(name) ?? [];
      return step === undefined ? [] : [{ attempt: Number(attempt), step: Number(step) }];
    })
    .sort((a, b) => b.step - a.step || b.attempt - a.attempt);
}

/** The segments of an attempt's log or trace, in order. */
export function segmentsOf(
  names: readonly string[],
  attempt: string,
  of: 'log' | 'trace',
): string[] {
  const isSegment = /^\d+\.ndjson$/;
  const folder = `${attempt}/${of}/`;
  return names
    .filter((name) => name.startsWith(folder) && isSegment.test(name.slice(folder.length)))
    .sort(
      (a, b) => Number.parseInt(a.slice(folder.length)) - Number.parseInt(b.slice(folder.length)),
    );
}

/**
 * Fetches the newest whole checkpoint that any attempt left, with the log up to its step and all else that a trial needs to go on
 * from it, into the trial's empty folder. What does not match its checksum is passed over.
 * @returns its step; undefined where there is none, and the folder is empty
 */
export async function fetchProgress(
  store: Store,
  index: number,
  configHash: string,
  { folder, log, trace }: TrialFiles,
): Promise<number | undefined> {
  const names = await store.list(trialName(index));
  const stored = storedCheckpoints(names);
  for (const { attempt, step } of stored) {
    const from = `${trialName(index)}/a${attempt}`;
    if (!(await fetchCheckpoint(store, from, step, configHash, folder))) continue;
    const first = stored.some((one) => one.attempt === attempt && one.step === 0);
    const isWhole =
      (step === 0 || !first || (await fetchCheckpoint(store, from, 0, configHash, folder))) &&
      (await fetchSegments(store, segmentsOf(names, from, 'log'), log)) &&
      (await fetchSegments(store, segmentsOf(names, from, 'trace'), trace)) &&
      (await fetchSideFiles(store, names, from, folder));
    if (isWhole) return step;
    await rm(folder, { recursive: true, force: true });
  }
  return undefined;
}

async function fetchSegments(store: Store, names: readonly string[], path: string) {
  return names.length === 0 || download(store, names, path);
}

/** @returns whether it was there and whole; if not, nothing of it is left */
async function fetchCheckpoint(
  store: Store,
  attempt: string,
  step: number,
  configHash: string,
  folder: string,
): Promise<boolean> {
  const path = checkpointPath(step);
  const target = join(folder, path);
  try {
    const state = await getJson(store, `${attempt}/${path}/state.json`, stateFile);
    if (state?.step !== step || state.configHash !== configHash) return false;
    if (state.unsaved !== undefined) return false;
    for (const [name, sum] of Object.entries(state.files)) {
      await download(store, [`${attempt}/${path}/${name}`], join(target, name));
      if ((await sha256File(join(target, name))) !== sum) throw new LockstepError('data', 'torn');
    }
    return await download(store, [`${attempt}/${path}/state.json`], join(target, 'state.json'));
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    // Only what is wrong with the checkpoint itself: a store that cannot be reached may have newer ones.
    if (error instanceof LockstepError && error.code === 'data') return false;
    throw error;
  }
}

/** @returns whether all were there: one that is gone was replaced meanwhile */
async function fetchSideFiles(
  store: Store,
  names: readonly string[],
  attempt: string,
  folder: string,
): Promise<boolean> {
  const paths = names
    .filter((name) => name.startsWith(`${attempt}/`))
    .map((name) => name.slice(attempt.length + 1))
    .filter((path) => /^(best|programs)\//.test(path) || path === 'predictions.safetensors');
  for (const path of paths) {
    if (!(await download(store, [`${attempt}/${path}`], join(folder, ...path.split('/'))))) {
      return false;
    }
  }
  return true;
}
