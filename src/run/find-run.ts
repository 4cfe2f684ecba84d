import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pause } from '../files/pause.js';
import { LockstepError } from '../protocol/index.js';
import type { Manifest } from './manifest.js';
import { readManifest } from './run-directory.js';

export interface FoundRun {
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface FindRunOptions {
  /** The run's folder; undefined: the newest in `out`. */
  readonly folder: string | undefined;
  readonly out: string;
  /** Wait for a run if there is none, and for its manifest. */
  readonly wait: boolean;
  /** Ends the waiting. */
  readonly stop: AbortSignal;
}

/** Milliseconds between two looks while waiting. */
const lookPeriod = 100;

/**
 * @returns undefined when stopped while waiting
 * @throws LockstepError `usage` where there is no run, unless waiting; `data` when its manifest cannot be read
 */
export async function findRun(options: FindRunOptions): Promise<FoundRun | undefined> {
  const { out, wait, stop } = options;
  while (!stop.aborted) {
    const folder = options.folder ?? (await newestRun(out));
    if (folder !== undefined) {
      try {
        return { folder, manifest: await readManifest(folder) };
      } catch (error) {
        // Waiting does not repair an existing manifest.
        const isMissing = error instanceof LockstepError && error.code === 'usage';
        if (!wait || !isMissing) throw error;
      }
    } else if (!wait) {
      throw new LockstepError('usage', `expected a run in ${out}, found none`, {
        hint: 'Name the run’s folder, or wait for one with --wait.',
      });
    }
    await pause(lookPeriod, stop);
  }
  return undefined;
}

/** The folder of the newest run in `out`, by the time in its name; undefined: no run. */
export async function newestRun(out: string): Promise<string | undefined> {
  const names = await readdir(out).catch(() => []);
  const timed = names.flatMap((name) => {
    const time = /-(\d{8}T\d{6}Z)-[0-9a-f]{6}$/.exec(name)?.[1];
    return time === undefined ? [] : [{ name, time }];
  });
  const [newest] = timed.sort((a, b) => (a.time < b.time ? 1 : -1));
  return newest && join(out, newest.name);
}
