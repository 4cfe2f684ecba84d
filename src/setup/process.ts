import { spawn } from 'node:child_process';

export interface CommandResult {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  /** Standard output and standard error together, the last 64 KiB. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Ends the command. */
  readonly signal?: AbortSignal | undefined;
}

const keptOutput = 64 * 1024;

/** Runs a program to its end. Rejects when it cannot be started or is aborted. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-keptOutput);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
}

/** Whether a program can be started and ends well with these arguments. */
export async function works(
  program: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    return (await runCommand(program, args, { signal })).code === 0;
  } catch (error) {
    signal?.throwIfAborted();
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'EACCES';
}

/** The last lines of a program's output, for an error message. */
export function lastLines(output: string, count = 8): string {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}
