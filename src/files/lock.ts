import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { pause } from './pause.js';
import { LockstepError } from '../protocol/index.js';
import { isProcessAlive, processStartTicks } from './processes.js';
import { cannotWrite } from './write-atomic.js';

/** The holder of a lock. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** See {@link processStartTicks}. */
  readonly startTicks?: string | undefined;
}

export interface Lock {
  release(): Promise<void>;
}

export interface LockOptions {
  /** Milliseconds to wait for a living holder. Default 0. */
  readonly patience?: number | undefined;
  /** Called once, when it has to wait, with a sentence that names the holder. */
  readonly onWait?: ((text: string) => void) | undefined;
  /** Aborted: wait no longer. */
  readonly stop?: AbortSignal | undefined;
  /**
   * Milliseconds without a heartbeat after which a holder that cannot be looked up (on another machine)
   * counts as dead; the lock then has a heartbeat while it is held. Default: such a holder counts as alive.
   */
  readonly staleAfter?: number | undefined;
}

/** Milliseconds between two looks at a lock that is held. */
const interval = 50;

/**
 * Takes an exclusive lock file, or takes it over from a process of this machine that is dead.
 * @param what is locked, for the error: `trial 3`
 * @throws LockstepError `usage` when a living process has it, `interrupted` when stopped while it waits,
 *   `disk` when it cannot be written
 */
export async function acquireLock(
  path: string,
  what: string,
  options: LockOptions = {},
): Promise<Lock> {
  const { patience = 0, onWait, stop, staleAfter = Infinity } = options;
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    startTicks: processStartTicks(process.pid),
  };
  const temporary = `${path}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    // Linking a finished file makes the lock appear with its content, never empty.
    await writeFile(temporary, JSON.stringify(mine));
    for (let waited = 0; !(await linked(temporary, path));) {
      const text = await readText(path);
      if (text === undefined) continue;
      const holder = parseHolder(text);
      if (holder === undefined || !(await isAlive(holder, path, staleAfter))) {
        await discard(path, text);
        continue;
      }
      const held = `${what} is locked: process ${holder.pid} on ${holder.host} is working on it (${path})`;
      if (stop?.aborted === true) throw new LockstepError('interrupted', held);
      if (waited >= patience) {
        throw new LockstepError('usage', held, {
          hint: 'Wait for it to end, or stop that process first.',
        });
      }
      if (waited === 0) onWait?.(`${held}; waiting for it to end`);
      await pause(interval, stop);
      waited += interval;
    }
  } catch (error) {
    throw error instanceof LockstepError ? error : cannotWrite(path, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
  const heartbeat = staleAfter === Infinity ? undefined : startHeartbeat(path, staleAfter / 10);
  return {
    async release() {
      clearInterval(heartbeat);
      // On a disk that has become read-only the lock stays; the next process finds its holder dead.
      await rm(path, { force: true }).catch(() => undefined);
    },
  };
}

/** Runs an action while holding a lock; see {@link acquireLock}. */
export async function withLock<Value>(
  path: string,
  what: string,
  action: () => Promise<Value>,
  options?: LockOptions,
): Promise<Value> {
  const lock = await acquireLock(path, what, options);
  try {
    return await action();
  } finally {
    await lock.release();
  }
}

/** Whether a living process holds the lock. */
export async function isLocked(path: string): Promise<boolean> {
  return (await lockHolder(path)) !== undefined;
}

/** The living process that holds the lock, if there is one. */
export async function lockHolder(path: string): Promise<Holder | undefined> {
  const text = await readText(path);
  const holder = text === undefined ? undefined : parseHolder(text);
  return holder !== undefined && (await isAlive(holder, path, Infinity)) ? holder : undefined;
}

function startHeartbeat(path: string, interval: number): NodeJS.Timeout {
  return setInterval(() => {
    const now = new Date();
    // Taken over by another process: then there is nothing left to keep alive.
    utimes(path, now, now).catch(() => undefined);
  }, interval).unref();
}

async function linked(existing: string, path: string): Promise<boolean> {
  try {
    await link(existing, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined if the lock has just been removed. */
async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined when the file does not read as a lock: a power cut can empty it. */
function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, host, startTicks } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' && typeof host === 'string'
      ? { pid, host, startTicks }
      : undefined;
  } catch {
    return undefined;
  }
}

async function isAlive(
  { pid, host, startTicks }: Holder,
  path: string,
  staleAfter: number,
): Promise<boolean> {
  // A process of another machine (a shared file system) cannot be looked up.
  if (host !== hostname()) return !(await isOlder(path, staleAfter));
  if (!isProcessAlive(pid)) return false;
  return startTicks === undefined || processStartTicks(pid) === startTicks;
}

/** Whether a file was last touched more than this many milliseconds ago, or is gone. */
async function isOlder(path: string, milliseconds: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > milliseconds;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
}

/**
 * Removes a dead holder's lock, recognised by its whole text: process number, start and machine. Only the
 * holder of the takeover lock may do so; otherwise the lock could become a living process's between the look
 * and the removal.
 */
async function discard(path: string, text: string): Promise<void> {
  const guard = await acquireLock(`${path}.takeover`, `taking over ${path}`, { patience: 5000 });
  try {
    if ((await readText(path)) === text) await rm(path, { force: true });
  } finally {
    await guard.release();
  }
}
