import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { LockstepError } from '../protocol/index.js';

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

/**
 * Takes an exclusive lock file, or takes it over from a process of this machine that is dead.
 * @param what is locked, for the error: `trial 3`
 * @throws LockstepError `usage` when a living process has it
 */
export async function acquireLock(path: string, what: string): Promise<Lock> {
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    startTicks: processStartTicks(process.pid),
  };
  const temporary = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  // Linking a finished file makes the lock appear with its content, never empty.
  await writeFile(temporary, JSON.stringify(mine));
  try {
    while (!(await linked(temporary, path))) {
      const holder = await readHolder(path);
      if (holder === undefined) continue;
      if (isAlive(holder)) {
        throw new LockstepError(
          'usage',
          `${what} is locked: process ${holder.pid} on ${holder.host} is working on it (${path})`,
          { hint: 'Wait for it to end, or stop that process first.' },
        );
      }
      await discard(path, holder);
    }
  } finally {
    await rm(temporary, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

/** Whether a living process holds the lock. */
export async function isLocked(path: string): Promise<boolean> {
  const holder = await readHolder(path);
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

/** Undefined when the lock has just gone or says nothing a lock says. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch (error) {
    if (error instanceof SyntaxError) await rm(path, { force: true });
    return undefined;
  }
}

function isAlive({ pid, host, startTicks }: Holder): boolean {
  // A process of another machine (a shared file system) cannot be looked up, so it counts as alive.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startTicks === undefined || processStartTicks(pid) === startTicks;
}

/**
 * Removes a dead holder's lock. Of several processes that try, the rename lets one win; should it
 * have caught a new living holder's lock instead, it puts that back.
 */
async function discard(path: string, dead: Holder): Promise<void> {
  const aside = `${path}.stale.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const caught = await readHolder(aside);
  if (caught !== undefined && caught.pid !== dead.pid)
    await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
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
