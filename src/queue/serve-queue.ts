import type { Job } from 'bullmq';
import { connectOnce, keyPrefix, queueError, redact } from './connection.js';
import { LockstepError } from '../protocol/index.js';
import type { QueueAddress } from './connection.js';
import { queueName } from './trial-job.js';

/** How a worker's part in a job ended: `done`; `again`: another worker is to have it, now. */
export type JobEnd = 'done' | 'again';

export interface ServeOptions {
  /** Jobs at the same time. */
  readonly jobs: number;
  /** Aborted: takes no further job, and ends when those under way have. */
  readonly stop: AbortSignal;
  /** @throws what `isPassing` says may go well another time, or not */
  readonly work: (data: unknown) => Promise<JobEnd>;
  readonly isPassing: (error: unknown) => boolean;
  readonly note: (text: string) => void;
  /** For tests. Defaults: {@link measured}. */
  readonly times?: Partial<typeof measured> | undefined;
}

/**
 * Milliseconds. With these a job of a killed worker is given to another after at most a minute and a quarter, and a Redis that is
 * down for less costs nothing.
 */
const measured = { lockDuration: 60_000, stalledInterval: 15_000 };

/** Takes jobs from a queue until it is stopped. @throws LockstepError `usage` where Redis refuses */
export async function serveQueue(address: QueueAddress, options: ServeOptions): Promise<void> {
  const { jobs, stop, work, isPassing, note } = options;
  await tellWhetherThere(address, note);
  const { UnrecoverableError, WaitingError, Worker } = await import('bullmq');
  const messageOf = (error: unknown) =>
    redact(error instanceof Error ? error.message : String(error), address.secrets);

  async function process(job: Job, token: string | undefined): Promise<void> {
    let end: JobEnd;
    try {
      end = await work(job.data);
    } catch (error) {
      // Redis keeps the message for a moment.
      const message = messageOf(error);
      note(message);
      throw isPassing(error) ? new Error(message) : new UnrecoverableError(message);
    }
    if (end === 'done') return;
    await job.moveToWait(token);
    throw new WaitingError();
  }

  const worker = new Worker(queueName, process, {
    connection: address.options,
    prefix: keyPrefix,
    concurrency: jobs,
    ...{ ...measured, ...options.times },
    // What becomes of a job is decided by what the store has of its trial, not by how often a worker was lost.
    maxStalledCount: 1_000_000,
  });
  let last = '';
  worker.on('error', (error) => {
    const { message } = queueError(error, address);
    // A Redis that is down says so at every try.
    if (message !== last) note(message);
    last = message;
  });
  worker.on('ready', () => {
    last = '';
  });
  worker.on('lockRenewalFailed', () => {
    note('lost the lock of a job; its trial goes on, and the store decides whose result counts');
  });
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    const onAbort = () => {
      resolve();
    };
    stop.addEventListener('abort', onAbort, { once: true });
  });
  await worker.close();
}

/** A Redis that is down may come back, and the worker waits for it; one that refuses will go on to refuse. */
async function tellWhetherThere(
  address: QueueAddress,
  note: (text: string) => void,
): Promise<void> {
  try {
    (await connectOnce(address)).disconnect();
  } catch (error) {
    if (!(error instanceof LockstepError) || error.code !== 'worker') throw error;
    note(`${error.message}; waiting for it`);
  }
}
