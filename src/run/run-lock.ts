import { join } from 'node:path';
import { removeLeftovers } from '../files/leftovers.js';
import { acquireLock, isLocked } from '../files/lock.js';
import { trialFiles } from './run-directory.js';

/**
 * Does what only one process at a time may do with a run: train its trials.
 * @throws LockstepError `usage` while a living process has the run
 */
export async function withRunLock<Value>(
  runFolder: string,
  action: () => Promise<Value>,
): Promise<Value> {
  const lock = await acquireLock(lockOf(runFolder), 'the run');
  try {
    await removeLeftovers(runFolder);
    return await action();
  } finally {
    await lock.release();
  }
}

/** Whether a living process has the run, or one of the trials by index. */
export async function isWorkedOn(runFolder: string, trials: readonly number[]): Promise<boolean> {
  const locks = [lockOf(runFolder), ...trials.map((index) => trialFiles(runFolder, index).lock)];
  return (await Promise.all(locks.map((lock) => isLocked(lock)))).includes(true);
}

function lockOf(runFolder: string): string {
  return join(runFolder, 'lock');
}
