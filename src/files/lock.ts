import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LockstepError } from '../protocol/index.js';
import { cannotWrite } from './cannot-write.js';
import { isProcessAlive } from './process-alive.js';

/** Who holds a lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the kernel's clock ticks; tells a reused pid from its first owner. */
  readonly startTicks?: string | undefined;
}

export interface Lock {
  release(): Promise<void>;
}

export interface LockOptions {
  /** Milliseconds to wait for a living holder. Default 0. */
  readonly patience?: number | undefined;
  /** Told once when it waits, by whom the lock is held. */
  readonly onWait?: ((text: string) => void) | undefined;
  /** Aborted: wait no longer. */
  readonly stop?: AbortSignal | undefined;
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
  const { patience = 0, onWait, stop } = options;
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
      if (holder === undefined || !isAlive(holder)) {
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
      await sleep(interval, undefined, { signal: stop }).catch(() => undefined);
      waited += interval;
    }
  } catch (error) {
    throw error instanceof LockstepError ? error : cannotWrite(path, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
  // A disk that has become read-only leaves the lock to whoever comes next: its holder is dead by then.
  return { release: () => rm(path, { force: true }).catch(() => undefined) };
}

/** Whether a living process holds the lock. */
export async function isLocked(path: string): Promise<boolean> {
  const text = await readText(path);
  const holder = text === undefined ? undefined : parseHolder(text);
  return holder !== undefined && isAlive(holder);
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

/** Undefined when the lock has just gone. */
async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined when the file says nothing a lock says: a power cut can empty it. */
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

function isAlive({ pid, host, startTicks }: Holder): boolean {
  // A process of another machine (a shared file system) cannot be looked up, so it counts as alive.
  if (host !== hostname()) return true;
  if (!isProcessAlive(pid)) return false;
  return startTicks === undefined || processStartTicks(pid) === startTicks;
}

/**
 * Removes a dead holder's lock, told by its whole text: process number, start and machine. Only who has the
 * lock for this may, so what is looked at cannot become a living process's lock before it is removed.
 */
async function discard(path: string, text: string): Promise<void> {
  const guard = await acquireLock(`${path}.takeover`, `taking over ${path}`, { patience: 5000 });
  try {
    if ((await readText(path)) === text) await rm(path, { force: true });
  } finally {
    await guard.release();
  }
}

/** Field 22 of /proc/<pid>/stat; undefined where there is no /proc or no such process. */
function processStartTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name, in parentheses, may hold spaces; the fields after it do not.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
