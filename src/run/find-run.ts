import { setTimeout as sleep } from 'node:timers/promises';
import { LockstepError } from '../protocol/index.js';
import type { Manifest } from './manifest.js';
import { newestRun } from './newest-run.js';
import { readManifest } from './run-directory.js';

export interface FoundRun {
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface FindRunOptions {
  /** The run's folder; undefined: the newest in `out`. */
  readonly folder: string | undefined;
  readonly out: string;
  /** Wait for a run where there is none, and for its manifest. */
  readonly wait: boolean;
  /** Ends the waiting. */
  readonly stop: AbortSignal;
}

/** Milliseconds between two looks while waiting. */
const lookPeriod = 100;

/**
 * @returns undefined when stopped while waiting
 * @throws LockstepError `usage` where there is no run, unless waiting
 */
export async function findRun(options: FindRunOptions): Promise<FoundRun | undefined> {
  const { out, wait, stop } = options;
  while (!stop.aborted) {
    const folder = options.folder ?? (await newestRun(out));
    if (folder !== undefined) {
      try {
        return { folder, manifest: await readManifest(folder) };
      } catch (error) {
        if (!wait) throw error;
      }
    } else if (!wait) {
      throw new LockstepError('usage', `expected a run in ${out}, found none`, {
        hint: 'Name the run’s folder, or wait for one with --wait.',
      });
    }
    await sleep(lookPeriod, undefined, { signal: stop }).catch(() => undefined);
  }
  return undefined;
}
