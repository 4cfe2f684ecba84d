import { Piscina } from 'piscina';
import type { EngineName, NamedTask, Reply, WorkerTasks } from '../protocol/index.js';

const workerEntry = new URL('../../workers/entry.js', import.meta.url);

/** How many tasks are at most in the thread or on their way to it; more wait in the pool's queue. */
const tasksSentAhead = 4;

/** The one thread of a variant's pool. */
export interface WorkerThread {
  readonly piscina: Piscina;
  /** Its answer when it has loaded its engine; rejects when it dies over that. */
  readonly loaded: Promise<Reply<WorkerTasks['load']['reply']>>;
}

/** Starts a thread, which loads its engine: the longest part of a trial's start, so the first. */
export function startWorkerThread(engine: EngineName): WorkerThread {
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
  // Emitted for answers to tasks that were given up when the pool was destroyed, and for a thread that dies without a
  // task: the next task tells of that.
  piscina.on('error', () => undefined);
  const message: NamedTask<'load'> = { name: 'load', task: { engine } };
  const loaded = piscina.run(message) as WorkerThread['loaded'];
  // Whoever awaits `loaded` gets the error; this only avoids an unhandled rejection.
  loaded.catch(() => undefined);
  return { piscina, loaded };
}
