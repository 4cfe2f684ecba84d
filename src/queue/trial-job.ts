import { z } from 'zod';
import { LockstepError } from '../protocol/index.js';
import { problemText } from '../files/read.js';

/** The queue of all trials, whatever their runs. */
export const queueName = 'trials';

const jobSchema = z.strictObject({
  store: z.string().min(1).max(2000),
  index: z.int().gte(0),
});

/** What a queue holds: which trial of which run. All else is in the run's store. */
export type TrialJob = Readonly<z.output<typeof jobSchema>>;

/** @param value from the queue, which others can write to @throws LockstepError `usage` */
export function parseJob(value: unknown): TrialJob {
  const parsed = jobSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LockstepError('usage', `job: ${problemText(parsed.error.issues[0]!)}`);
}

/**
 * Whether a run's store is the one that a worker serves, or a run directly below it. Names are compared as they are: a job
 * cannot lead out by `..` or by another spelling.
 * @param served of a folder, absolute
 */
export function isServed(store: string, served: string): boolean {
  const base = served.replace(/\/+$/, '');
  if (store === base) return true;
  const name = store.startsWith(`${base}/`) ? store.slice(base.length + 1) : '';
  return name !== '' && !/[/\\\p{Cc}]/u.test(name) && name !== '.' && name !== '..';
}
