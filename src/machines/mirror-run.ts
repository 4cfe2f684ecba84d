import { from, lastValueFrom, mergeMap } from 'rxjs';
import { FollowedTrial } from '../live/follow/followed-trial.js';
import type { LogRecord } from '../log/records.js';
import type { Manifest, Trial } from '../run/manifest.js';
import type { Store } from '../store/store.js';
import { fetchCommitted, logMirror } from './mirror-trial.js';
import type { LogMirror } from './mirror-trial.js';
import {
  isCommitted,
  isPassing,
  namesByTrial,
  newestOf,
  readCommit,
  readFailure,
} from './run-store.js';
import type { Failure } from './run-store.js';

/** How many trials are fetched at the same time. */
const atOnce = 8;

/** Told what the mirror finds. */
export interface MirrorListener {
  /** A record that was in the folder before. */
  readonly remember: (record: LogRecord) => void;
  readonly show: (record: LogRecord) => void;
  /** The trial has all its files. */
  readonly settle: (trial: number) => void;
}

export interface MirrorLook {
  /** Trials without a commit. */
  readonly open: number;
  /** Of these, those that would fail again, by trial. */
  readonly failures: ReadonlyMap<number, Failure>;
}

interface MirroredTrial {
  readonly index: number;
  readonly log: LogMirror;
  readonly followed: FollowedTrial;
  failure?: { readonly attempt: number; readonly failure: Failure | undefined };
}

/**
 * Mirrors a run of a store into a run's folder whenever it is called: files of committed trials, logs of others.
 * @param trials those that are not there whole
 */
export function runMirror(
  store: Store,
  { runFolder, trials }: { readonly runFolder: string; readonly trials: readonly Trial[] },
  { remember, show, settle }: MirrorListener,
): () => Promise<MirrorLook> {
  const open = new Map<number, MirroredTrial>();
  for (const { index } of trials) {
    const followed = new FollowedTrial(runFolder, index);
    tell(followed, remember);
    open.set(index, { index, followed, log: logMirror(store, runFolder, index) });
  }

  async function update(trial: MirroredTrial, names: readonly string[]): Promise<void> {
    const { index, followed } = trial;
    const commit = isCommitted(names) ? await readCommit(store, index) : undefined;
    if (commit === undefined) await trial.log.update(names);
    else await fetchCommitted(store, runFolder, index, commit);
    tell(followed, show);
    if (commit !== undefined) {
      open.delete(index);
      settle(index);
      return;
    }
    const attempt = newestOf(names);
    const hasFailed = names.some((name) => name.endsWith(`/a${attempt}/failure.json`));
    if (trial.failure?.attempt === attempt && hasFailed) return;
    if (hasFailed) trial.failure = { attempt, failure: await readFailure(store, index, attempt) };
    else delete trial.failure;
  }

  return async () => {
    const names = await namesByTrial(store);
    const seen = [...open.values()].filter(({ index }) => names.has(index));
    const updates = from(seen).pipe(
      mergeMap((trial) => update(trial, names.get(trial.index)!), atOnce),
    );
    await lastValueFrom(updates, { defaultValue: undefined });
    const failures = new Map<number, Failure>();
    for (const { index, failure } of open.values()) {
      if (failure?.failure && !isPassing(failure.failure)) failures.set(index, failure.failure);
    }
    return { open: open.size, failures };
  };
}

function tell(followed: FollowedTrial, what: (record: LogRecord) => void): void {
  for (const records of followed.read()) for (const { record } of records) what(record);
}

/** Which machine made which trial, of those that are committed, as `machines.json` has it. */
export async function machinesOf(store: Store, { trials }: Manifest) {
  const names = await namesByTrial(store);
  const found = new Map<number, object>();
  const committed = trials.filter(({ index }) => isCommitted(names.get(index) ?? []));
  const reads = from(committed).pipe(
    mergeMap(async ({ index }) => {
      const commit = await readCommit(store, index);
      if (commit === undefined) return;
      const attempts = newestOf(names.get(index)!);
      found.set(index, {
        trial: index,
        attempt: commit.attempt,
        attempts,
        machine: commit.machine,
      });
    }, atOnce),
  );
  await lastValueFrom(reads, { defaultValue: undefined });
  return { schemaVersion: 1, trials: [...found].sort(([a], [b]) => a - b).map(([, one]) => one) };
}
