import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import type { Manifest } from '../run/manifest.js';
import type { Store } from '../store/store.js';
import { storedCheckpoints } from './fetch-progress.js';
import {
  isCommitted,
  isPassing,
  namesByTrial,
  newestOf,
  readClaim,
  readCommit,
  readFailure,
} from './run-store.js';

/** How many trials are asked about at the same time. */
const atOnce = 16;

/**
 * How a trial of a run in a store stands. `committed`: it has its result; `failed`: it would fail again; `lost`: its newest attempt
 * failed, and another may not; `claimed`: its newest attempt runs, unless its machine was lost; `waiting`: there was no attempt.
 */
export interface StoredTrialState {
  readonly trial: number;
  readonly state: 'committed' | 'failed' | 'lost' | 'claimed' | 'waiting';
  /** The number of the one that has the commit, or of the newest; 0: there was none. */
  readonly attempt: number;
  /** The machine of this attempt; null without one. */
  readonly host: string | null;
  /** The step of the newest checkpoint; 0 without one. */
  readonly checkpoint: number;
  /** Of a committed trial its outcome, of a failed one why; null for others. */
  readonly reason: string | null;
}

/** How all trials of a run stand, in the manifest's order. */
export async function trialStates(store: Store, manifest: Manifest): Promise<StoredTrialState[]> {
  const names = await namesByTrial(store);
  const states = from(manifest.trials).pipe(
    mergeMap(({ index }) => stateOf(store, index, names.get(index) ?? []), atOnce),
    toArray(),
  );
  return (await lastValueFrom(states)).sort((a, b) => a.trial - b.trial);
}

async function stateOf(
  store: Store,
  trial: number,
  names: readonly string[],
): Promise<StoredTrialState> {
  const checkpoint = storedCheckpoints(names)[0]?.step ?? 0;
  const commit = isCommitted(names) ? await readCommit(store, trial) : undefined;
  if (commit !== undefined) {
    const { attempt, machine, outcome } = commit;
    return { trial, state: 'committed', attempt, host: machine.host, checkpoint, reason: outcome };
  }
  const attempt = newestOf(names);
  if (attempt === 0) {
    return { trial, state: 'waiting', attempt, host: null, checkpoint, reason: null };
  }
  const claim = await readClaim(store, trial, attempt);
  const hasFailed = names.some((name) => name.endsWith(`/a${attempt}/failure.json`));
  const failure = hasFailed ? await readFailure(store, trial, attempt) : undefined;
  const state = failure === undefined ? 'claimed' : isPassing(failure) ? 'lost' : 'failed';
  const host = claim?.machine.host ?? null;
  return { trial, state, attempt, host, checkpoint, reason: failure?.message ?? null };
}
