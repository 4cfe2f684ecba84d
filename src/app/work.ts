import { availableParallelism } from 'node:os';
import { attemptsWithoutProgress } from '../machines/attempts-without-progress.js';
import { isPassing } from '../machines/run-store.js';
import { LockstepError } from '../protocol/index.js';
import { queueAddress } from '../queue/connection.js';
import { serveQueue } from '../queue/serve-queue.js';
import type { JobEnd, ServeOptions } from '../queue/serve-queue.js';
import { isServed, parseJob } from '../queue/trial-job.js';
import { automaticJobs } from '../schedule/automatic-jobs.js';
import { openStore } from '../store/open-store.js';
import { readSecrets } from '../store/secrets.js';
import { storeAddress } from './dispatch-run.js';
import { runStoreTrial } from './store-trial.js';
import type { CheckedRuns, StoreTrialOptions } from './store-trial.js';
import type { Surroundings } from './surroundings.js';

export interface WorkRequest extends Pick<
  StoreTrialOptions,
  'data' | 'scratch' | 'uploadEvery' | 'stallTimeout'
> {
  /** As typed. */
  readonly queue: string;
  /** As typed: the store of a run, or the one that runs are made in. Jobs of others are refused. */
  readonly store: string;
  readonly jobs: number | 'auto';
  /** How many attempts of a trial may follow one another from the same step before it is given up. */
  readonly retries: number;
  readonly times?: ServeOptions['times'];
}

/** Sessions of a trial whose run is not known yet: as many as most have. */
const usualSessions = 2;

/** Trains the trials of a queue until it is stopped: those under way then save a checkpoint, and others go on. */
export async function work(
  request: WorkRequest,
  note: (text: string) => void,
  surroundings: Surroundings,
): Promise<void> {
  const { stop, env } = surroundings;
  const address = await queueAddress(request.queue, await readSecrets(env));
  const served = storeAddress(request.store, surroundings);
  // What is wrong with it is said now, not of each job.
  await openStore(served, surroundings);
  const jobs = request.jobs === 'auto' ? automaticJobs(usualSessions) : request.jobs;
  const checked: CheckedRuns = new Map();
  const slots = Array.from({ length: jobs }, (_, slot) => slot);
  note(
    `serving ${served} from ${address.shown}, ${jobs} at a time on ${availableParallelism()} cores`,
  );

  async function train(data: unknown): Promise<JobEnd> {
    const { store: run, index } = parseJob(data);
    if (!isServed(run, served)) {
      throw new LockstepError('usage', `job: expected a run in ${served}, got another store`);
    }
    const name = `${run.slice(run.lastIndexOf('/') + 1)} trial ${index}`;
    const say = (text: string) => {
      note(`${name}: ${text}`);
    };
    const store = await openStore(run, surroundings);
    const tried = await attemptsWithoutProgress(store, index);
    if (tried > request.retries) {
      throw new LockstepError(
        'usage',
        `${name}: given up after ${tried} attempts from the same step`,
        { hint: 'See why in the failures in its store, then queue it again with more --retries.' },
      );
    }
    const slot = slots.shift()!;
    try {
      const own = { store, index: String(index), jobs, slot, checked, note: say };
      const end = await runStoreTrial({ ...request, ...own }, surroundings);
      say(end);
      return end === 'interrupted' ? 'again' : 'done';
    } finally {
      slots.unshift(slot);
    }
  }

  await serveQueue(address, {
    ...{ jobs, stop, note, work: train },
    ...(request.times && { times: request.times }),
    isPassing: (error) => error instanceof LockstepError && isPassing(error),
  });
}
