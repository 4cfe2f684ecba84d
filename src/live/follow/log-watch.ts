import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { trialFiles } from '../../run/run-directory.js';

/**
 * Listens to the file system for changes of a run's logs, where it reports them.
 *
 * It watches folders, not logs, so that it notices a log from its beginning. Where watching is impossible
 * (the file system has no support, or no watches are left) `works` becomes false and stays so.
 */
export class LogWatch {
  readonly #run: string;
  readonly #watchers = new Map<number | 'trials', FSWatcher>();
  #touched = new Set<number>();
  #wake: () => void = () => undefined;
  #works = true;

  constructor(run: string) {
    this.#run = run;
    this.#start('trials', dirname(trialFiles(run, 0).folder), (name) => {
      if (name !== null && /^\d+$/.test(name)) this.#touch(Number(name));
    });
  }

  /** False once watching has proved impossible: then the caller must look at every log. */
  get works(): boolean {
    return this.#works;
  }

  /** Listens to a trial's log, once it has a folder; call it before reading. */
  listen(trial: number): void {
    if (!this.#works || this.#watchers.has(trial)) return;
    const { folder, log } = trialFiles(this.#run, trial);
    this.#start(trial, folder, (name) => {
      if (name === null || name === basename(log)) this.#touch(trial);
    });
  }

  unlisten(trial: number): void {
    this.#watchers.get(trial)?.close();
    this.#watchers.delete(trial);
  }

  /** The trials whose logs may have changed since the last call. */
  take(): ReadonlySet<number> {
    const touched = this.#touched;
    this.#touched = new Set();
    return touched;
  }

  /** Resolves when there is something to take, after `ms`, or when the signal is aborted. */
  async wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#touched.size > 0 || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', this.#wake);
        this.#wake = () => undefined;
        resolve();
      };
      signal?.addEventListener('abort', this.#wake);
    });
    this.#wake();
  }

  /** Stops listening; `works` is false from now on. */
  close(): void {
    this.#works = false;
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #start(key: number | 'trials', folder: string, heard: (name: string | null) => void): void {
    try {
      const watcher = watch(folder, (_, name) => {
        heard(name);
      });
      watcher.on('error', () => {
        this.close();
      });
      this.#watchers.set(key, watcher);
    } catch (error) {
      // A trial's folder is made when it starts, which the watch on its parent reports.
      if (key === 'trials' || (error as NodeJS.ErrnoException).code !== 'ENOENT') this.close();
    }
  }

  #touch(trial: number): void {
    this.#touched.add(trial);
    this.#wake();
  }
}
