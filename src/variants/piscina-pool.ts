import type { Piscina } from 'piscina';
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
import { startWorkerThread } from './worker-thread.js';

/** How long a worker may take to load its code and its engine's, in milliseconds, before it counts as lost. */
const startTimeoutMs = 60_000;

/**
 * Starts the one-thread pool of a variant and waits until its worker has loaded its engine: a worker
 * module that throws while loading would otherwise leave the pool waiting for ever.
 * @param thread that was started for it before, with the same engine
 * @throws LockstepError `worker` when the thread or the engine does not come up
 */
export async function startPiscinaPool(
  variant: string,
  engine: EngineName,
  { piscina, loaded } = startWorkerThread(engine),
): Promise<VariantPool> {
  const pool: VariantPool = {
    variant,
    run: (name, task) => send(piscina, variant, name, task),
    destroy: () => piscina.destroy(),
  };
  try {
    await firstValueFrom(answered(variant, 'load', () => loaded).pipe(timeout(startTimeoutMs)));
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
  return answered(
    variant,
    name,
    () => piscina.run(message) as Promise<Reply<WorkerTasks[Name]['reply']>>,
  );
}

function answered<Value>(
  variant: string,
  task: WorkerTaskName,
  reply: () => Promise<Reply<Value>>,
): Observable<Value> {
  return defer(() =>
    from(
      reply().catch((error: unknown) => {
        throw lostWorker(variant, task, error);
      }),
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
