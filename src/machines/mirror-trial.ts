import { join } from 'node:path';
import { checksumsName, sha256File } from '../files/checksums.js';
import { LineFile } from '../files/line-file.js';
import { LockstepError } from '../protocol/index.js';
import { trialFiles } from '../run/run-directory.js';
import { isSealedByTrial } from '../run/seal.js';
import { download, getText } from '../store/contents.js';
import type { Store } from '../store/store.js';
import { segmentsOf } from './fetch-progress.js';
import { attemptName, newestOf, trialName } from './run-store.js';
import type { Commit } from './run-store.js';

/** Keeps the log of a trial that has no commit yet, here as far as it is in the store. */
export interface LogMirror {
  /** @param names of all that the store has of the trial */
  update(names: readonly string[]): Promise<void>;
}

/**
 * Each attempt's log is whole, with what it kept of earlier attempts: a newer attempt's takes the place of an older one's, as a
 * resume cuts a log back.
 */
export function logMirror(store: Store, runFolder: string, index: number): LogMirror {
  const { log } = trialFiles(runFolder, index);
  let attempt = 0;
  let segments = 0;
  return {
    async update(names) {
      const newest = newestOf(names);
      const all = segmentsOf(names, attemptName(index, newest), 'log');
      // A new attempt has no log before it has written its first record.
      if (all.length === 0) return;
      if (newest !== attempt) {
        if (!(await download(store, all, log))) return;
        attempt = newest;
        segments = all.length;
      }
      for (const name of all.slice(segments)) {
        const text = await getText(store, name);
        if (text === undefined) return;
        const file = new LineFile(log);
        try {
          file.write(text);
        } finally {
          file.close();
        }
        segments += 1;
      }
    },
  };
}

/**
 * Fetches the files of a committed trial, `result.json` last.
 * @throws LockstepError `data` for one that is not as it was committed
 */
export async function fetchCommitted(
  store: Store,
  runFolder: string,
  index: number,
  { attempt, files }: Commit,
): Promise<void> {
  const from = attemptName(index, attempt);
  const names = await store.list(trialName(index));
  const { folder } = trialFiles(runFolder, index);
  const paths = Object.keys(files);
  const last = ['result.json', checksumsName];
  for (const path of [...paths.filter((one) => !last.includes(one)), ...last.reverse()]) {
    const isOfTrial = path === checksumsName || (isSealedByTrial(path) && !path.includes('..'));
    if (!isOfTrial || files[path] === undefined) {
      throw new LockstepError(
        'data',
        `${store.url}/${trialName(index)}/commit.json: expected files of a trial, ${last.join(' and ')} among them, got ${path}`,
      );
    }
    const appended = /^(log|trace)\.ndjson$/.exec(path)?.[1] as 'log' | 'trace' | undefined;
    const objects = appended ? segmentsOf(names, from, appended) : [`${from}/${path}`];
    const target = join(folder, ...path.split('/'));
    const isThere = await download(store, objects, target);
    const got = isThere ? await sha256File(target) : undefined;
    if (got === files[path]) continue;
    throw new LockstepError(
      'data',
      `${store.url}/${from}/${path}: expected SHA-256 ${files[path]}, as it was committed, got ${got ?? 'no such file'}`,
      { hint: 'Restore the store from a copy, or train the run again.' },
    );
  }
}
