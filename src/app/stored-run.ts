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
import { queueFor } from './dispatch-run.js';
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

export interface ResumeStoredRequest {
  readonly address: string;
  /** Also what would fail again. */
  readonly failed: boolean;
  /** A queue to put the trials into, as typed. */
  readonly queue: string | undefined;
}

/** Lists the trials that lack a commit in new batches, for engines to start; a cancelled run goes on. */
export async function resumeStoredRun(
  { address, failed, queue }: ResumeStoredRequest,
  surroundings: Surroundings,
): Promise<Dispatch> {
  const send = await queueFor(queue, surroundings);
  const store = await openStore(address, surroundings);
  const { manifest } = await readStoredManifest(store);
  await store.delete(cancelledName);
  const states = await trialStates(store, manifest);
  const open = states
    .filter(({ state }) => state !== 'committed' && (failed || state !== 'failed'))
    .map(({ trial }) => trial);
  const batches = await writeBatches(store, open);
  return send({ store: store.url, runId: manifest.runId, trials: open, batches });
}
