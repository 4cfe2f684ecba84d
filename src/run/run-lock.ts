import { join } from 'node:path';
import { isLocked, withLock } from '../files/lock.js';
import { removeLeftovers } from '../files/write-atomic.js';
import { trialFiles } from './run-directory.js';

/**
 * Runs an action that only one process at a time may do with a run: train its trials.
 * @throws LockstepError `usage` while a living process has the run
 */
export function withRunLock<Value>(
  runFolder: string,
  action: () => Promise<Value>,
): Promise<Value> {
  return withLock(lockOf(runFolder), 'the run', async () => {
    await removeLeftovers(runFolder);
    return action();
  });
}

/** Whether a living process has the run, or one of the trials by index. */
export async function isWorkedOn(runFolder: string, trials: readonly number[]): Promise<boolean> {
  const locks = [lockOf(runFolder), ...trials.map((index) => trialFiles(runFolder, index).lock)];
  return (await Promise.all(locks.map((lock) => isLocked(lock)))).includes(true);
}

function lockOf(runFolder: string): string {
  return join(runFolder, 'lock');
}
