import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after `milliseconds`, or when the signal is aborted. */
export async function pause(milliseconds: number, stop: AbortSignal | undefined): Promise<void> {
  await sleep(milliseconds, undefined, stop && { signal: stop }).catch(() => undefined);
}
