import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

interface Holder {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
}

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once, when another process holds the lock. */
  readonly onWait?: ((pid: number) => void) | undefined;
  /** Milliseconds without a heartbeat after which a holder counts as gone. Default 30,000. */
  readonly staleAfter?: number | undefined;
  /** Milliseconds between looks. Default 500. */
  readonly interval?: number | undefined;
}

/**
 * Runs an action while no other process runs one under the same lock file. A holder that died, or
 * whose heartbeat stopped, is succeeded.
 * @param file in a folder that exists
 */
export async function withLock<T>(
  file: string,
  action: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const { interval = 500, staleAfter = 30_000 } = options;
  const holder: Holder = { id: randomUUID(), pid: process.pid, host: hostname() };
  const own = `${file}.${holder.id}`;
  await writeFile(own, JSON.stringify(holder));
  let waiting = false;
  try {
    while (!claim(own, file)) {
      if (takeStale(file, staleAfter)) continue;
      if (!waiting) options.onWait?.(read(file)?.pid ?? 0);
      waiting = true;
      await sleep(interval, undefined, { signal: options.signal });
    }
  } catch (error) {
    rmSync(own, { force: true });
    throw error;
  }
  const heartbeat = setInterval(() => {
    touch(own);
  }, staleAfter / 10);
  heartbeat.unref();
  try {
    return await action();
  } finally {
    clearInterval(heartbeat);
    if (read(file)?.id === holder.id) rmSync(file, { force: true });
    rmSync(own, { force: true });
  }
}

/** A hard link is made by exactly one process, with its whole content. */
function claim(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead holder's lock away; true when the lock may now be free. */
function takeStale(file: string, staleAfter: number): boolean {
  const holder = read(file);
  if (holder === undefined) return true;
  if (!isStale(file, holder, staleAfter)) return false;
  const aside = `${file}.stale-${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return true;
  }
  // Someone may have succeeded the dead holder in between: then this lock is alive, give it back.
  if (read(aside)?.id !== holder.id) claim(aside, file);
  rmSync(aside, { force: true });
  rmSync(`${file}.${holder.id}`, { force: true });
  return true;
}

function isStale(file: string, holder: Holder, staleAfter: number): boolean {
  if (holder.host === hostname() && !isAlive(holder.pid)) return true;
  try {
    return Date.now() - statSync(file).mtimeMs > staleAfter;
  } catch {
    return true;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** Both names are one file, so the lock's time changes too. */
function touch(own: string): void {
  const now = new Date();
  try {
    utimesSync(own, now, now);
  } catch {
    // Succeeded by another process: nothing left to keep alive.
  }
}
