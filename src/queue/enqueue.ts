import type { Queue } from 'bullmq';
import { connectOnce, keyPrefix, queueError } from './connection.js';
import type { QueueAddress } from './connection.js';
import { queueName } from './trial-job.js';
import type { TrialJob } from './trial-job.js';

/** How many jobs are sent at once. */
const together = 1000;
/** Milliseconds before a job whose trial lost its process, or the store, is given to a worker again. */
const pauseBeforeAgain = 1000;

export interface RunToQueue {
  /** Of the run. */
  readonly store: string;
  readonly runId: string;
  readonly trials: readonly number[];
}

/**
 * Puts trials into a queue. One that is in it already stays as it is.
 * @throws LockstepError `worker` where Redis cannot be reached, `usage` where it refuses
 */
export async function enqueue(
  address: QueueAddress,
  { store, runId, trials }: RunToQueue,
): Promise<void> {
  const connection = await connectOnce(address);
  let queue: Queue<TrialJob> | undefined;
  try {
    const { Queue } = await import('bullmq');
    queue = new Queue<TrialJob>(queueName, { connection, prefix: keyPrefix });
    queue.on('error', () => undefined);
    for (let at = 0; at < trials.length; at += together) {
      await queue.addBulk(
        trials.slice(at, at + together).map((index) => ({
          name: 'trial',
          data: { store, index },
          opts: {
            jobId: `${runId}.${index}`,
            // Attempts are counted in the store; these are deliveries.
            attempts: 1_000_000,
            backoff: { type: 'fixed', delay: pauseBeforeAgain },
            // The store has what became of it, and a job of this name can be queued again.
            removeOnComplete: true,
            removeOnFail: true,
          },
        })),
      );
    }
  } catch (error) {
    throw queueError(error, address);
  } finally {
    await queue?.close().catch(() => undefined);
    connection.disconnect();
  }
}
