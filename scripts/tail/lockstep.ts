import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../bin/lockstep.js', import.meta.url));

/** Says on standard error what the process has used when it ends. */
const tellUsage =
  'data:text/javascript,' +
  encodeURIComponent(
    "process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();" +
      ' console.error(`usage ${maxRSS} ${userCPUTime + systemCPUTime}`); });',
  );

export type LockstepProcess = ChildProcessByStdio<null, Readable, Readable>;

export interface Ended {
  readonly code: number | null;
  /** Largest resident memory, MiB. */
  readonly peakMiB: number;
  /** Processor time, ms. */
  readonly cpuMs: number;
  readonly stderr: string;
}

/** Starts a command; its standard output is for the caller to read, or to `resume()`. */
export function startLockstep(...args: string[]): {
  readonly child: LockstepProcess;
  readonly ended: Promise<Ended>;
} {
  const child = spawn(process.execPath, ['--import', tellUsage, main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code]) => {
    const [, rss, cpu] = /usage (\d+) (\d+)/.exec(stderr) ?? [];
    return {
      code: code as number | null,
      peakMiB: Number(rss) / 1024,
      cpuMs: Number(cpu) / 1000,
      stderr,
    };
  });
  return { child, ended };
}
