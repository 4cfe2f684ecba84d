import { join } from 'node:path';
import { removeLeftovers } from '../files/leftovers.js';
import { acquireLock } from '../files/lock.js';

/**
 * Does what only one process at a time may do with a run: train its trials.
 * @throws LockstepError `usage` while a living process has the run
 */
export async function withRunLock<Value>(
  runFolder: string,
  action: () => Promise<Value>,
): Promise<Value> {
  const lock = await acquireLock(join(runFolder, 'lock'), 'the run');
  try {
    await removeLeftovers(runFolder);
    return await action();
  } finally {
    await lock.release();
  }
}
