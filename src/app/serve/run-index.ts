import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LockstepError } from '../../protocol/index.js';
import { overviewOf } from '../../report/run-overview.js';
import type { RunOverview } from '../../report/run-overview.js';
import { readRun } from '../../run/read-run.js';
import { trialFiles } from '../../run/run-directory.js';

/** A run that is served. */
export interface IndexedRun {
  /** The name of its folder. */
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  /** UTC; empty where its manifest cannot be read. */
  readonly createdAt: string;
  /** Changes with what its files say about its trials, but not with every record. */
  readonly version: string;
  /** Absent where the run cannot be read. */
  readonly overview?: RunOverview;
  /** Why the run cannot be read. */
  readonly damage?: string;
}

/** The runs of a folder; what has not changed is not read again. */
export class RunIndex {
  readonly #folder: string;
  readonly #known = new Map<string, { readonly run: IndexedRun; readonly trials: number }>();

  /** @param folder absolute */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Newest first. @throws LockstepError `usage` when there is no such folder */
  async list(): Promise<readonly IndexedRun[]> {
    const runs: IndexedRun[] = [];
    for (const id of (await this.#folders()).filter((name) => this.#isRun(name))) {
      runs.push(await this.#read(id));
    }
    return runs.sort((a, b) =>
      a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0,
    );
  }

  /** The run of that name, if the folder has one: a name leads nowhere else. */
  async find(id: string): Promise<IndexedRun | undefined> {
    const folders = await this.#folders();
    return folders.includes(id) && this.#isRun(id) ? this.#read(id) : undefined;
  }

  /** Links are left out: they may lead out of the folder. */
  async #folders(): Promise<string[]> {
    let entries;
    try {
      entries = await readdir(this.#folder, { withFileTypes: true });
    } catch (cause) {
      throw new LockstepError('usage', `expected a folder of runs, got ${this.#folder}`, {
        cause,
        hint: 'Make a run with `lockstep run`, or name another folder.',
      });
    }
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }

  #isRun(id: string): boolean {
    const manifest = join(this.#folder, id, 'manifest.json');
    return lstatSync(manifest, { throwIfNoEntry: false })?.isFile() === true;
  }

  async #read(id: string): Promise<IndexedRun> {
    const folder = join(this.#folder, id);
    const known = this.#known.get(id);
    if (known?.run.version === versionOf(folder, known?.trials ?? 0)) return known.run;
    try {
      requireNoLinks(folder);
      const run = await readRun(folder);
      const trials = run.manifest.trials.length;
      const { createdAt } = run.manifest;
      const overview = overviewOf(run, id);
      const indexed = { id, folder, createdAt, version: versionOf(folder, trials), overview };
      this.#known.set(id, { run: indexed, trials });
      return indexed;
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      const version = versionOf(folder, 0);
      const indexed = { id, folder, createdAt: '', version, damage: error.message };
      this.#known.set(id, { run: indexed, trials: 0 });
      return indexed;
    }
  }
}

/** The folder of a trial changes when it gets a result; its log does not change it. */
function versionOf(folder: string, trials: number): string {
  const files = ['manifest.json', 'extensions.json', 'resumes.ndjson', 'trials'].map((name) =>
    join(folder, name),
  );
  const folders = Array.from({ length: trials }, (_, index) => trialFiles(folder, index).folder);
  return [...files, ...folders]
    .map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? '')
    .join(' ');
}

/**
 * A link in a run's folder may lead out of it, and what is there is nobody's business.
 * @throws LockstepError `data`
 */
function requireNoLinks(folder: string): void {
  const refuse = (path: string) => {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
    throw new LockstepError('data', `${path}: expected a file or folder, got a link`);
  };
  for (const name of ['extensions.json', 'resumes.ndjson', 'trials']) refuse(join(folder, name));
  const trials = join(folder, 'trials');
  for (const name of existsSync(trials) ? readdirSync(trials) : []) {
    const trial = join(trials, name);
    for (const file of ['', 'log.ndjson', 'result.json', 'curves.json']) refuse(join(trial, file));
  }
}
