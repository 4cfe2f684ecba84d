import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pause } from '../files/pause.js';
import { readText } from '../files/read.js';
import { writeJsonAtomic } from '../files/write-atomic.js';
import { machinesOf, runMirror } from '../machines/mirror-run.js';
import type { MirrorLook } from '../machines/mirror-run.js';
import { isCancelled, readStoredManifest } from '../machines/run-store.js';
import type { StoredManifest } from '../machines/run-store.js';
import { LockstepError } from '../protocol/index.js';
import { createRunDirectory, trialFiles, withRunLock } from '../run/run-directory.js';
import { openStore } from '../store/open-store.js';
import type { FinishedRun } from './execute-run.js';
import { summarizeFinished } from './summarize-run.js';
import type { StartProgress, Surroundings } from './surroundings.js';

export interface CollectRequest {
  /** The run's store, as typed. */
  readonly address: string;
  /** The folder that runs are made in. */
  readonly out: string;
  /** Go on until every trial has its commit or would fail again, or the run is cancelled. */
  readonly follow: boolean;
  /** Milliseconds between two looks at the store. */
  readonly every: number;
}

/** A run as far as it was collected. */
export interface CollectedRun extends FinishedRun {
  /** Trials without a commit, failed ones among them. */
  readonly open: number;
}

/**
 * Mirrors a run of a store into an ordinary run folder: all files of trials that are committed, and the logs of the others as far
 * as they are.
 * @throws LockstepError `usage` where the folder has another run, `data` for a file that is not as it was committed
 */
export async function collectRun(
  { address, out, follow, every }: CollectRequest,
  startProgress: StartProgress,
  surroundings: Surroundings,
): Promise<CollectedRun> {
  const { stop, cwd } = surroundings;
  const store = await openStore(address, surroundings);
  const stored = await readStoredManifest(store);
  const { manifest } = stored;
  const runFolder = await folderFor(stored, resolve(cwd, out));
  return withRunLock(runFolder, async () => {
    const trials = manifest.trials.filter(
      ({ index }) => !existsSync(trialFiles(runFolder, index).result),
    );
    const progress = startProgress({ manifest, runFolder, trials, jobs: trials.length });
    let seen: MirrorLook;
    try {
      const look = runMirror(store, { runFolder, trials }, progress);
      for (;;) {
        seen = await look();
        const isOver = seen.open === seen.failures.size || !follow || stop.aborted;
        if (isOver || (await isCancelled(store))) break;
        await pause(every, stop);
      }
    } finally {
      progress.dispose();
    }
    await writeJsonAtomic(join(runFolder, 'machines.json'), await machinesOf(store, manifest));
    const failures = [...seen.failures].map(([trial, { code, message }]) => ({
      trial,
      error: new LockstepError(code, `trial ${trial}: ${message}`),
    }));
    return {
      ...{ manifest, runFolder, failures, interrupted: stop.aborted, left: [], open: seen.open },
      again: `lockstep collect ${address} --follow`,
      ...(await summarizeFinished(manifest, runFolder)),
    };
  });
}

/** The run's folder, made where there is none. */
async function folderFor({ text, manifest }: StoredManifest, out: string): Promise<string> {
  const folder = join(out, manifest.runId);
  const path = join(folder, 'manifest.json');
  const here = await readText(path);
  if (here === undefined) return createRunDirectory(out, manifest, text);
  if (here === text) return folder;
  throw new LockstepError('usage', `${path}: expected the manifest of the store, got another`, {
    hint: 'Collect into another folder, with --out.',
  });
}
