import { resolve } from 'node:path';
import { jsonText } from '../files/write-atomic.js';
import { manifestName, writeBatches } from '../machines/run-store.js';
import { sendData } from '../machines/stored-data.js';
import { LockstepError } from '../protocol/index.js';
import type { Manifest } from '../run/manifest.js';
import { racePlan } from '../run/race.js';
import { sequencePlan } from '../run/sequence.js';
import { openStore, schemeOf, storeBelow } from '../store/open-store.js';
import type { Surroundings } from './surroundings.js';

/** Trials that machines may now start: `lockstep trial <store> <index>`. */
export interface Dispatch {
  /** Of the run: what users give to `trial`, `collect`, `cancel` and `resume`. */
  readonly store: string;
  readonly runId: string;
  readonly trials: readonly number[];
  /** Numbers of the batches that list them. */
  readonly batches: readonly number[];
  /** The queue that they are in, as it may be shown; absent: in none. */
  readonly queue?: string;
}

export interface DispatchRequest {
  /** The store that runs are made in, as typed. */
  readonly base: string;
  /** Also put the datasets there. */
  readonly withData: boolean;
  /** A queue to put the trials into, as typed. */
  readonly queue?: string | undefined;
}

/**
 * Freezes a run in a store, for other machines to train.
 * @throws LockstepError `usage` for a run of which results decide what is trained next
 */
export async function dispatchRun(
  manifest: Manifest,
  { base, withData, queue }: DispatchRequest,
  surroundings: Surroundings,
): Promise<Dispatch> {
  if (racePlan(manifest.config) !== undefined || sequencePlan(manifest) !== undefined) {
    throw new LockstepError(
      'usage',
      '--store: expected a run whose trials are known beforehand, got a race or a run that is decided in sequence',
      { hint: 'Run it here with --jobs, or take a grid or a random search.' },
    );
  }
  const send = await queueFor(queue, surroundings);
  const address = storeBelow(storeAddress(base, surroundings), manifest.runId);
  const store = await openStore(address, surroundings);
  if (withData) await sendData(store, manifest);
  if (!(await store.putOnce(manifestName, jsonText(manifest)))) {
    throw new LockstepError('usage', `${store.url}: expected no run of this name yet, got one`);
  }
  const trials = manifest.trials.map(({ index }) => index);
  const batches = await writeBatches(store, trials);
  return send({ store: store.url, runId: manifest.runId, trials, batches });
}

/**
 * What puts the trials of a run into a queue.
 * @param queue as typed; undefined: into none
 * @throws LockstepError `usage` for an address that is none, before anything is made
 */
export async function queueFor(
  queue: string | undefined,
  { env }: Surroundings,
): Promise<(run: Dispatch) => Promise<Dispatch>> {
  if (queue === undefined) return (run) => Promise.resolve(run);
  const [{ queueAddress }, { enqueue }, { readSecrets }] = await Promise.all([
    import('../queue/connection.js'),
    import('../queue/enqueue.js'),
    import('../store/secrets.js'),
  ]);
  const address = await queueAddress(queue, await readSecrets(env));
  return async (run) => {
    await enqueue(address, run);
    return { ...run, queue: address.shown };
  };
}

/** A store's address as other processes may be given it: of a folder, its absolute path. */
export function storeAddress(address: string, { cwd }: Pick<Surroundings, 'cwd'>): string {
  return schemeOf(address) === undefined ? resolve(cwd, address) : address;
}
