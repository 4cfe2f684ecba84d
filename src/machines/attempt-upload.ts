import { readFile, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { checkpointPath, checkpointSteps } from '../checkpoint/checkpoints.js';
import { checksumsName, parseChecksums, sha256 } from '../files/checksums.js';
import { lastNewline } from '../files/lines.js';
import { LockstepError } from '../protocol/index.js';
import type { TrialFiles } from '../run/run-directory.js';
import { isSealedByTrial } from '../run/seal.js';
import type { Store } from '../store/store.js';

/** Puts what a trial has written here into the folder of its attempt in a store, piece by piece. */
export interface AttemptUpload {
  /**
   * Puts what is new: whole lines of the log and the trace as further segments, then checkpoints, of which `state.json`
   * comes last. So a checkpoint that has it is whole, and the log in the store reaches its step.
   */
  sync(): Promise<void>;
  /** Puts all that is left of a trial that has ended. @returns SHA-256 by path of all its files */
  finish(): Promise<Record<string, string>>;
}

/** A file that lines are appended to, as far as it is in the store. */
interface Appended {
  readonly path: string;
  readonly name: string;
  bytes: number;
  segments: number;
}

/** @param attempt the attempt's folder in the store */
export function attemptUpload(store: Store, attempt: string, files: TrialFiles): AttemptUpload {
  const { folder } = files;
  const log: Appended = { path: files.log, name: 'log', bytes: 0, segments: 0 };
  const trace: Appended = { path: files.trace, name: 'trace', bytes: 0, segments: 0 };
  /** What was put of a file, by its path in the trial's folder. */
  const put = new Map<string, string>();
  /** The text of `state.json` in the store, by step. */
  const checkpoints = new Map<number, string>();

  async function putSegment(file: Appended): Promise<void> {
    const end = await lastNewline(file.path, file.bytes);
    if (end <= file.bytes) return;
    const number = String(file.segments + 1).padStart(6, '0');
    const range = { path: file.path, start: file.bytes, end };
    await store.put(`${attempt}/${file.name}/${number}.ndjson`, range);
    file.bytes = end;
    file.segments += 1;
  }

  /** Puts a file unless that was done and it is unchanged since; nothing where it is gone. */
  async function putFile(path: string): Promise<void> {
    const local = join(folder, path);
    const stats = await stat(local).catch(() => undefined);
    if (stats === undefined) return;
    const stamp = `${stats.size} ${stats.mtimeMs} ${stats.ino}`;
    if (put.get(path) === stamp) return;
    await store.put(`${attempt}/${path}`, { path: local, end: stats.size });
    put.set(path, stamp);
  }

  async function putCheckpoint(step: number, state: string): Promise<void> {
    const path = checkpointPath(step);
    const statePath = `${attempt}/${path}/state.json`;
    if (checkpoints.get(step) === state) return;
    if (checkpoints.delete(step)) await store.delete(statePath);
    for (const name of await readdir(join(folder, path))) {
      if (name !== 'state.json') await putFile(`${path}/${name}`);
    }
    // Replaced or removed meanwhile, it would not be whole.
    if ((await readState(folder, step)) !== state) return;
    await store.put(statePath, state);
    checkpoints.set(step, state);
  }

  async function removeCheckpoint(step: number): Promise<void> {
    const path = checkpointPath(step);
    await store.delete(`${attempt}/${path}/state.json`);
    checkpoints.delete(step);
    for (const name of [...put.keys()].filter((one) => one.startsWith(`${path}/`))) {
      await store.delete(`${attempt}/${name}`);
      put.delete(name);
    }
  }

  async function sync(): Promise<void> {
    const steps = (await checkpointSteps(folder)).sort((a, b) => a - b);
    const states = new Map<number, string>();
    for (const step of steps) {
      const state = await readState(folder, step);
      if (state !== undefined) states.set(step, state);
    }
    for (const path of await sideFiles(folder)) await putFile(path);
    await putSegment(trace);
    await putSegment(log);
    for (const [step, state] of states) {
      await putCheckpoint(step, state).catch(ignoreMissing);
    }
    for (const step of checkpoints.keys()) if (!states.has(step)) await removeCheckpoint(step);
  }

  return {
    sync,
    async finish() {
      await sync();
      const list = await readFile(join(folder, checksumsName), 'utf8');
      const sums = parseChecksums(list);
      if (sums === undefined)
        throw new LockstepError('bug', `${folder}: cannot read its checksums`);
      await putFile(checksumsName);
      await putFile('result.json');
      const own = [...sums].filter(([path]) => isSealedByTrial(path) && !path.startsWith('..'));
      return { ...Object.fromEntries(own), [checksumsName]: sha256(list) };
    },
  };
}

/** Undefined where there is none any more. */
async function readState(folder: string, step: number): Promise<string | undefined> {
  const path = join(folder, checkpointPath(step), 'state.json');
  return readFile(path, 'utf8').catch(() => undefined);
}

/** A checkpoint can be removed while it is being read: a newer one is there then. */
function ignoreMissing(error: unknown): void {
  const { code } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
  if (code !== 'ENOENT') throw error;
}

/** What checkpoints need besides, and what the last evaluation leaves, relative to the trial's folder. */
async function sideFiles(folder: string): Promise<string[]> {
  const below = async (name: string) => {
    const options = { recursive: true, withFileTypes: true } as const;
    const entries = await readdir(join(folder, name), options).catch(() => []);
    return entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
  };
  const programs = (await below('programs')).filter((path) => !path.startsWith('programs/data/'));
  return [...(await below('best')), ...programs, 'predictions.safetensors'];
}
