import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { requirePublishedLogs } from './published-logs.js';

const main = fileURLToPath(new URL('../../bin/lockstep.js', import.meta.url));

/** Commands that write logs. */
const training = new Set<string | undefined>(['run', 'sweep', 'variance', 'resume', 'trial']);

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** Resolves when standard error or output has matched. */
  saw(pattern: RegExp): Promise<void>;
  readonly finished: Promise<Finished>;
}

/** Starts the real command line in a folder. */
export function startLockstep(cwd: string, ...args: string[]): Running {
  return start(cwd, args, false);
}

/** As {@link startLockstep}, in a process group of its own, which can be killed as one. */
export function startLockstepGroup(cwd: string, ...args: string[]): Running {
  return start(cwd, args, true);
}

/** As {@link lockstep}, with its standard output redirected to an open file. */
export function lockstepInto(file: number, cwd: string, ...args: string[]): Promise<Finished> {
  return start(cwd, args, false, file).finished;
}

function start(
  cwd: string,
  args: readonly string[],
  detached: boolean,
  output: number | 'pipe' = 'pipe',
): Running {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    detached,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', output, 'pipe'],
  }) as ChildProcess & { stderr: Readable };
  let stdout = '';
  let stderr = '';
  let check: () => void = () => undefined;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    check();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    check();
  });
  const closed = new Promise<Finished>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  const finished = closed.then((result) => {
    // Whatever kind of run it was, and however it ended.
    if (training.has(args[0])) requirePublishedLogs(cwd);
    return result;
  });
  const saw = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      check = () => {
        if (pattern.test(stdout) || pattern.test(stderr)) resolve();
      };
      check();
      void finished.then(() => {
        reject(new Error(`ended without ${String(pattern)}:\n${stdout}\n${stderr}`));
      });
    });
  return { child, saw, finished };
}

export function lockstep(cwd: string, ...args: string[]): Promise<Finished> {
  return startLockstep(cwd, ...args).finished;
}

/** The folder of the only run made in `runs/`. */
export async function onlyRun(cwd: string): Promise<string> {
  const names = (await readdir(join(cwd, 'runs'))).filter((name) => name !== 'latest');
  if (names.length !== 1) throw new Error(`expected one run, got ${names.join(', ')}`);
  return join(cwd, 'runs', names[0]!);
}
