import type { Store } from '../store/store.js';
import { newestAttempt, readClaim } from './run-store.js';

/** How many of a trial's newest attempts began at the same step, one after the other: none of them got further. */
export async function attemptsWithoutProgress(store: Store, index: number): Promise<number> {
  const newest = await newestAttempt(store, index);
  const last = newest === 0 ? undefined : await readClaim(store, index, newest);
  if (last === undefined) return 0;
  for (let attempt = newest - 1; attempt > 0; attempt -= 1) {
    const claim = await readClaim(store, index, attempt);
    if (claim?.step !== last.step) return newest - attempt;
  }
  return newest;
}
