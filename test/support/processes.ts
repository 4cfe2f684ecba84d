import { readdirSync, readFileSync } from 'node:fs';

/** Process numbers of a process's living children; read from Linux's /proc, which needs no program. */
export function childrenOf(parent: number): number[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return numbers.map(Number).filter((pid) => parentOf(pid) === parent);
}

/** The processes of a run's trials; the run's own process starts git, too, for the provenance. */
export function trialProcesses(run: number): number[] {
  return childrenOf(run).filter((pid) => commandLineOf(pid).includes(' trial '));
}

/** Living processes whose command line names `text`, this one left out. */
export function processesNaming(text: string): number[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return numbers
    .map(Number)
    .filter((pid) => pid !== process.pid && commandLineOf(pid).includes(text));
}

/** @param pid of a process, or minus that of a group @returns whether there was one to kill */
export function killWith9(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

/** Resolves when there is no such process any more. */
export async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Its words, separated by spaces; empty for one that has ended, reaped or not. */
function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function parentOf(pid: number): number | undefined {
  try {
    // The name before the state is in parentheses and may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
