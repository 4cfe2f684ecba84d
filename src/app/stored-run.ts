import {
  cancelledName,
  isCancelled,
  readStoredManifest,
  writeBatches,
} from '../machines/run-store.js';
import { trialStates } from '../machines/trial-states.js';
import type { StoredTrialState } from '../machines/trial-states.js';
import { jsonText } from '../files/write-atomic.js';
import { openStore } from '../store/open-store.js';
import type { Dispatch } from './dispatch-run.js';
import type { Surroundings } from './surroundings.js';

/** How a run in a store stands. */
export interface StoredRunState {
  readonly store: string;
  readonly runId: string;
  readonly cancelled: boolean;
  readonly trials: readonly StoredTrialState[];
}

/** @param address of the run's store, as typed */
export async function stateOfStoredRun(
  address: string,
  surroundings: Surroundings,
): Promise<StoredRunState> {
  const store = await openStore(address, surroundings);
  const { manifest } = await readStoredManifest(store);
  const [trials, cancelled] = await Promise.all([trialStates(store, manifest), isCancelled(store)]);
  return { store: store.url, runId: manifest.runId, cancelled, trials };
}

/** Stops a run: trials end at their next look at the store, and none begins. @returns the run's store */
export async function cancelStoredRun(
  address: string,
  surroundings: Surroundings,
): Promise<string> {
  const store = await openStore(address, surroundings);
  await readStoredManifest(store);
  await store.putOnce(cancelledName, jsonText({ schemaVersion: 1, time: surroundings.clock() }));
  return store.url;
}

/**
 * Lists the trials that lack a commit in new batches, for engines to start; a cancelled run goes on.
 * @param failed those that would fail again among them
 */
export async function resumeStoredRun(
  { address, failed }: { readonly address: string; readonly failed: boolean },
  surroundings: Surroundings,
): Promise<Dispatch> {
  const store = await openStore(address, surroundings);
  const { manifest } = await readStoredManifest(store);
  await store.delete(cancelledName);
  const states = await trialStates(store, manifest);
  const open = states
    .filter(({ state }) => state !== 'committed' && (failed || state !== 'failed'))
    .map(({ trial }) => trial);
  const batches = await writeBatches(store, open);
  return { store: store.url, runId: manifest.runId, trials: open, batches };
}
