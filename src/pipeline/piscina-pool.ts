import { Piscina } from 'piscina';
import { defer, firstValueFrom, from, map, timeout, TimeoutError } from 'rxjs';
import type { Observable } from 'rxjs';
import { deserializeError, LockstepError } from '../protocol/index.js';
import type {
  EngineName,
  NamedTask,
  Reply,
  WorkerTaskName,
  WorkerTasks,
} from '../protocol/index.js';
import type { VariantPool } from './variant-pool.js';

const workerEntry = new URL('../../workers/entry.js', import.meta.url);

/** How long a worker may take to load its code and its engine's, in milliseconds, before it counts as lost. */
const startTimeoutMs = 60_000;

/** How many tasks are at most in the thread or on their way to it; more wait in the pool's queue. */
const tasksSentAhead = 4;

/**
 * Starts the one-thread pool of a variant and waits until its worker has loaded its engine: a worker
 * module that throws while loading would otherwise leave the pool waiting for ever.
 * @throws LockstepError `worker` when the thread or the engine does not come up
 */
export async function startPiscinaPool(variant: string, engine: EngineName): Promise<VariantPool> {
  const piscina = new Piscina({
    filename: workerEntry.href,
    name: 'run',
    minThreads: 1,
    maxThreads: 1,
    idleTimeout: Infinity,
    // Tasks run one at a time, but the next ones wait in the thread: it never idles for a round trip.
    concurrentTasksPerWorker: tasksSentAhead,
    // The default queue may overtake; a session's steps must not.
    stricterFIFO: true,
    // `sync` would freeze the thread's event loop between tasks, and native engines use it.
    atomics: 'disabled',
    trackUnmanagedFds: false,
  });
  const pool: VariantPool = {
    variant,
    run: (name, task) => send(piscina, variant, name, task),
    destroy: () => piscina.destroy(),
  };
  try {
    await firstValueFrom(pool.run('load', { engine }).pipe(timeout(startTimeoutMs)));
  } catch (error) {
    await pool.destroy();
    throw error instanceof TimeoutError
      ? new LockstepError('worker', `variant ${variant}: its worker did not start in time`, {
          hint: 'Run `lockstep doctor` to see which engines work on this machine.',
        })
      : error;
  }
  return pool;
}

function send<Name extends WorkerTaskName>(
  piscina: Piscina,
  variant: string,
  name: Name,
  task: WorkerTasks[Name]['task'],
): Observable<WorkerTasks[Name]['reply']> {
  const message: NamedTask<Name> = { name, task };
  return defer(() =>
    from(
      (piscina.run(message) as Promise<Reply<WorkerTasks[Name]['reply']>>).catch(
        (error: unknown) => {
          throw lostWorker(variant, name, error);
        },
      ),
    ),
  ).pipe(map(unwrap));
}

function unwrap<Value>(reply: Reply<Value>): Value {
  if (!reply.ok) throw deserializeError(reply.error);
  return reply.value;
}

/** A rejected task, unlike an answered error, means that the thread died or could not run it. */
function lostWorker(variant: string, task: string, cause: unknown): LockstepError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new LockstepError('worker', `variant ${variant}: worker lost during ${task}: ${message}`, {
    cause,
    hint: 'Its checkpoints are kept. `lockstep doctor` checks the engines of this machine.',
  });
}
