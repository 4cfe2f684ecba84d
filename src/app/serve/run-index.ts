import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as letOthersRun } from 'node:timers/promises';
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
  /** Absent where the run cannot be read, or has not been yet. */
  readonly overview?: RunOverview;
  /** Why the run cannot be read. */
  readonly damage?: string;
}

/** How a run was read. */
interface Known {
  readonly run: IndexedRun;
  /** Whose folders change when something happens to it. */
  readonly trials: number;
}

/** The runs of a folder; what has not changed is not read again. */
export class RunIndex {
  readonly #folder: string;
  readonly #known = new Map<string, Known>();
  #reading: Promise<unknown> | undefined;

  /** @param folder absolute */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Newest first.
   * @param patience milliseconds after which runs that have not been read yet are listed by their names; they are
   *   read meanwhile
   * @throws LockstepError `usage` when there is no such folder
   */
  async list(patience = Infinity): Promise<readonly IndexedRun[]> {
    const start = performance.now();
    const runs: IndexedRun[] = [];
    const unread: string[] = [];
    const ids = (await this.#folders()).filter((name) => this.#isRun(name));
    for (const id of ids.sort(newestFirst)) {
      const isLate = performance.now() - start > patience;
      if (!isLate || this.#known.has(id)) runs.push(await this.#read(id));
      else {
        unread.push(id);
        const createdAt = timeIn(id) ?? '';
        runs.push({ id, folder: join(this.#folder, id), createdAt, version: '' });
      }
    }
    if (unread.length > 0) this.#readAll(unread);
    return runs.sort((a, b) =>
      a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0,
    );
  }

  /** In the background; whoever asks meanwhile has its turn after each run. */
  #readAll(ids: readonly string[]): void {
    this.#reading ??= (async () => {
      for (const id of ids) {
        await letOthersRun();
        // It may be gone by now.
        if (this.#isRun(id)) await this.#read(id);
      }
    })().finally(() => (this.#reading = undefined));
    // What is wrong shows when it is asked for.
    this.#reading.catch(() => undefined);
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
      // Nothing happens to trials that have all ended, unless others are added.
      const live = overview.state === 'done' ? 0 : trials;
      const indexed = { id, folder, createdAt, version: versionOf(folder, live), overview };
      this.#known.set(id, { run: indexed, trials: live });
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

/** The time that Lockstep puts into a run's name, as manifests have it. */
function timeIn(id: string): string | undefined {
  const [, day, time] = /-(\d{8})T(\d{6})Z-/.exec(id) ?? [];
  const parts = (text: string, by: string) => text.replaceAll(/(?<=\d)(?=(?:\d\d)+$)/g, by);
  return day === undefined
    ? undefined
    : `${day.slice(0, 4)}-${parts(day.slice(4), '-')}T${parts(time!, ':')}.000Z`;
}

function newestFirst(a: string, b: string): number {
  const [one, other] = [timeIn(a) ?? '', timeIn(b) ?? ''];
  return one < other ? 1 : one > other ? -1 : 0;
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
