import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { open, readdir, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LockstepError } from '../../protocol/index.js';
import { runHolder } from '../../run/run-directory.js';
import type { Holder } from '../../files/lock.js';
import { processStartTicks } from '../../files/processes.js';
import { mainFile } from '../../schedule/executors/executor.js';
import { cleanText } from '../../text/text.js';
import { listConfigurations, requireInward } from './configurations.js';
import type { Configurations } from './configurations.js';
import type { IndexedRun } from './run-index.js';

export const startCommands = ['run', 'sweep', 'decide'] as const;

export interface ControlOptions {
  /** Of the runs; absolute. */
  readonly folder: string;
  /** Where the commands are started, and configurations are looked for; absolute. */
  readonly project: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told what was asked for and what became of it, a line each. */
  readonly onAudit: (text: string) => void;
}

/** What became of a command: its run, or what it printed where it ended without. */
export type Started =
  { readonly run: string | undefined } | { readonly code: number | null; readonly printed: string };

/** Who works on a run. */
export type RunActivity = 'idle' | 'working' | 'stopping' | 'elsewhere';

/** Milliseconds to wait for a command's run, and between two looks. */
const patience = 60_000;
const interval = 40;
/** Commands that may be at work at the same time. */
const mostAtWork = 8;
/** Bytes of what a command printed that are shown. */
const mostPrinted = 1 << 16;

/**
 * Starts, stops and resumes runs by the commands that a terminal would. What it starts is a process group of its
 * own, which goes on when the server ends.
 */
export class Control {
  readonly #options: ControlOptions;
  readonly #atWork = new Set<ChildProcess>();
  /** By run, who was told to stop. */
  readonly #told = new Map<string, string>();

  constructor(options: ControlOptions) {
    this.#options = options;
  }

  configurations(): Promise<Configurations> {
    return listConfigurations(this.#options.project, this.#options.folder);
  }

  /**
   * Starts what a form asks for: `command`, `config` (one of {@link configurations}), `set` (lines of
   * `path=value`), `seeds`, `jobs` and `engine`.
   * @throws LockstepError `usage` for what no page may start
   */
  async start(form: URLSearchParams): Promise<Started> {
    const { folder, project } = this.#options;
    const command = startCommands.find((name) => name === form.get('command'));
    if (command === undefined) {
      throw new LockstepError(
        'usage',
        `command: expected ${startCommands.join(', ')}, got ${form.get('command') ?? 'nothing'}`,
      );
    }
    const config = form.get('config') ?? '';
    const { shipped, own } = await this.configurations();
    const file = shipped.includes(config) ? config : `./${config}`;
    if (!shipped.includes(config) && !own.includes(config)) {
      throw new LockstepError(
        'usage',
        `config: expected a shipped configuration or a file of the project, got ${config || 'nothing'}`,
      );
    }
    const set = linesOf(form.get('set'));
    await requireInward(file, set, project);
    const before = new Set(await readdir(folder));
    return this.#launch(
      [
        ...[command, file, ...set.map((one) => `--set=${one}`)],
        ...flagsOf(form, ['seeds', 'jobs', 'engine']),
        ...['--out', folder],
      ],
      async (pid) => {
        for (const id of await readdir(folder)) {
          if (before.has(id)) continue;
          const holder = await runHolder(join(folder, id));
          if (holder?.pid === pid) return id;
        }
        return undefined;
      },
    );
  }

  /** Resumes a run; the form may have `failed`, `seeds` and `jobs`. */
  resume({ id, folder }: IndexedRun, form: URLSearchParams): Promise<Started> {
    const { project } = this.#options;
    const failed = form.has('failed') ? ['--failed'] : [];
    return this.#launch(
      ['resume', relative(project, folder) || '.', ...failed, ...flagsOf(form, ['seeds', 'jobs'])],
      async (pid) => ((await runHolder(folder))?.pid === pid ? id : undefined),
      id,
    );
  }

  /**
   * Does what Ctrl-C does once: the trials finish their step, save and end. Asked again, it does nothing.
   * @throws LockstepError `usage` where no process of this machine works on the run
   */
  async stop({ id, folder }: IndexedRun): Promise<void> {
    const holder = await runHolder(folder);
    if (holder === undefined) {
      throw new LockstepError(
        'usage',
        `${id}: expected a run that is being trained, got one at rest`,
      );
    }
    if (holder.host !== hostname()) {
      throw new LockstepError(
        'usage',
        `${id}: expected a run that is trained on this machine, got one on ${holder.host}`,
        { hint: 'Stop it there.' },
      );
    }
    if (!isItself(holder)) {
      throw new LockstepError(
        'usage',
        `${id}: expected a lock that says whose it is, got another`,
        {
          hint: 'Stop the run where it was started.',
        },
      );
    }
    if (this.#told.get(id) === nameOf(holder)) return;
    // As Ctrl-C, but for one that is repeated, by another page perhaps, which would end it at once.
    process.kill(holder.pid, 'SIGTERM');
    this.#told.set(id, nameOf(holder));
    this.#options.onAudit(`${id}: process ${holder.pid} was told to stop`);
  }

  async activityOf({ id, folder }: IndexedRun): Promise<RunActivity> {
    const holder = await runHolder(folder);
    if (holder === undefined) return 'idle';
    if (holder.host !== hostname()) return 'elsewhere';
    return this.#told.get(id) === nameOf(holder) ? 'stopping' : 'working';
  }

  /**
   * @param runOf the run that the process has locked, if it has
   * @param known the run where it is known before
   */
  async #launch(
    args: readonly string[],
    runOf: (pid: number) => Promise<string | undefined>,
    known?: string,
  ): Promise<Started> {
    if (this.#atWork.size >= mostAtWork) {
      throw new LockstepError(
        'usage',
        `expected at most ${mostAtWork} runs started from here at the same time, got another`,
        { hint: 'Wait for one to end, or stop it.' },
      );
    }
    const { project, env, onAudit } = this.#options;
    const { LOCKSTEP_SERVE_TOKEN: _, ...others } = env;
    const printed = await temporaryFile();
    const line = cleanText(args.join(' '));
    // A pipe would break when the server ends, and the run with it.
    const child = spawn(process.execPath, [mainFile, ...args, '--quiet'], {
      ...{ cwd: project, detached: true, env: { ...others, NO_COLOR: '1' } },
      stdio: ['ignore', 'ignore', printed.fd],
    });
    child.unref();
    this.#atWork.add(child);
    onAudit(`lockstep ${line}: started as process ${child.pid ?? 'none'}`);
    let end: { readonly code: number | null } | undefined;
    const ended = new Promise<void>((resolve) => {
      const finish = (code: number | null, how: string) => {
        end ??= { code };
        this.#atWork.delete(child);
        onAudit(`lockstep ${line}: ${how}`);
        resolve();
      };
      child.once('error', ({ message }) => {
        finish(null, message);
      });
      child.once('exit', (code, signal) => {
        finish(code, `ended with ${code ?? signal ?? 'nothing'}`);
      });
    });
    try {
      const { pid = -1 } = child;
      for (let waited = 0; end === undefined && waited < patience; waited += interval) {
        const run = await runOf(pid);
        if (run !== undefined) return { run };
        await Promise.race([sleep(interval), ended]);
      }
      return endOf(end, await textIn(printed), known);
    } finally {
      await printed.close();
    }
  }
}

function endOf(
  end: { readonly code: number | null } | undefined,
  printed: string,
  known: string | undefined,
): Started {
  return end === undefined || (end.code === 0 && known !== undefined)
    ? { run: known }
    : { code: end.code, printed };
}

/** A lock may be anybody's file: a process is signalled only if it is known to be the one that wrote it. */
function isItself({ pid, startTicks }: Holder): boolean {
  return Number.isInteger(pid) && pid > 1 && processStartTicks(pid) === startTicks;
}

/** The same process only: numbers are used again. */
function nameOf({ pid, startTicks }: Holder): string {
  return `${pid} ${startTicks ?? ''}`;
}

function linesOf(text: string | null): string[] {
  return (text ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** In one word each, so that no value can be another flag. */
function flagsOf(form: URLSearchParams, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const value = form.get(name)?.trim() ?? '';
    return value === '' ? [] : [`--${name}=${value}`];
  });
}

/** An open file that nobody finds, and that is gone when nobody has it open. */
async function temporaryFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `lockstep-serve-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path, { force: true });
  return file;
}

async function textIn(file: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(mostPrinted), 0, mostPrinted, 0);
  return buffer.toString('utf8', 0, bytesRead);
}
