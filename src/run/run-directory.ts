import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isLocked, lockHolder, withLock } from '../files/lock.js';
import type { Holder } from '../files/lock.js';
import { parseJson, readText } from '../files/read.js';
import { jsonText, removeLeftovers, writeAtomic } from '../files/write-atomic.js';
import { LockstepError } from '../protocol/index.js';
import { withExtensions } from './extensions.js';
import { importedManifestFile } from './imported-manifest.js';
import type { ImportedManifest } from './imported-manifest.js';
import { manifestFile } from './manifest.js';
import type { Manifest } from './manifest.js';
import { sealRun } from './seal.js';

/** The paths of one trial's files. */
export interface TrialFiles {
  readonly folder: string;
  readonly log: string;
  readonly trace: string;
  /** Of every evaluated test example, where `evaluation.predictions` asks for them. */
  readonly predictions: string;
  /** What an imported trial has in place of a log. */
  readonly curves: string;
  readonly result: string;
  readonly lock: string;
}

/** The name of a trial's folder, under `trials`. */
export function trialFolderName(index: number): string {
  return String(index).padStart(4, '0');
}

export function trialFiles(runFolder: string, index: number): TrialFiles {
  const folder = join(runFolder, 'trials', trialFolderName(index));
  return {
    folder,
    log: join(folder, 'log.ndjson'),
    trace: join(folder, 'trace.ndjson'),
    predictions: join(folder, 'predictions.safetensors'),
    curves: join(folder, 'curves.json'),
    result: join(folder, 'result.json'),
    lock: join(folder, 'lock'),
  };
}

/** `<name>-<UTC time>-<id>`, for instance `tutorial-20261123T153000Z-1f9a3c`. */
export function createRunId(name: string, now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${name}-${time}-${randomBytes(3).toString('hex')}`;
}

/**
 * Makes the run's folder under `out`, freezes the manifest in it and points `latest` to it.
 * @param text of the manifest, where it was frozen elsewhere
 * @returns the folder's path, relative to the working directory if `out` is
 * @throws LockstepError `usage` when `out` cannot be written
 */
export async function createRunDirectory(
  out: string,
  manifest: RunManifest,
  text = jsonText(manifest),
): Promise<string> {
  const folder = join(out, manifest.runId);
  try {
    await mkdir(out, { recursive: true });
    // Made for itself, the folder fails for the true reason: a recursive mkdir says ENOENT of a read-only disk.
    await mkdir(folder);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LockstepError('usage', `--out: cannot make a folder in ${resolve(out)}: ${reason}`, {
      cause,
      hint: 'Choose a writable folder with --out.',
    });
  }
  try {
    await mkdir(join(folder, 'trials'));
    await writeAtomic(join(folder, 'manifest.json'), text);
    await sealRun(folder);
    await linkLatest(folder);
  } catch (error) {
    // A run without its manifest could neither be read nor resumed.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  return folder;
}

/** What a run is: trained here, or imported. */
export type RunManifest = Manifest | ImportedManifest;

/**
 * The manifest of any run.
 * @throws LockstepError `usage` when the folder has no manifest; `data` when it was changed, or written by
 *   another version
 */
export async function readRunManifest(runFolder: string): Promise<RunManifest> {
  const path = join(runFolder, 'manifest.json');
  const text = await readText(path);
  if (text === undefined) throw noManifest(path);
  if (isImported(text)) return parseJson(text, path, importedManifestFile);
  return withExtensions(runFolder, parseJson(text, path, manifestFile));
}

/**
 * The manifest of a run that was trained here: what can be trained, followed and recomputed.
 * @throws LockstepError `usage` for an imported run, and as {@link readRunManifest}
 */
export async function readManifest(runFolder: string): Promise<Manifest> {
  const manifest = await readRunManifest(runFolder);
  if (manifest.kind === undefined) return manifest;
  throw new LockstepError(
    'usage',
    `${runFolder}: expected a run that was trained here, got one imported from ${manifest.source.path}: it has results, but no configuration, log or checkpoints`,
    { hint: 'Use report, show, list, diff, export and verify with it; import again to add seeds.' },
  );
}

/** Whether a manifest's text says that its run was imported. */
export function isImported(text: string): boolean {
  try {
    const value = JSON.parse(text) as { readonly kind?: unknown } | null;
    return value?.kind === 'imported';
  } catch {
    return false;
  }
}

export function noManifest(path: string): LockstepError {
  return new LockstepError('usage', `${path}: expected the manifest of a run, found none`, {
    hint: 'Give the folder of a run, for instance runs/latest.',
  });
}

/** `latest` beside the run is a convenience: where links are not allowed, there is none. */
async function linkLatest(runFolder: string): Promise<void> {
  const link = join(dirname(runFolder), 'latest');
  const temporary = `${link}.${process.pid}.tmp`;
  try {
    await symlink(basename(runFolder), temporary, 'dir');
    await rename(temporary, link);
  } catch {
    await rm(temporary, { force: true });
  }
}

/**
 * Runs an action that only one process at a time may do with a run: train its trials.
 * @throws LockstepError `usage` while a living process has the run
 */
export function withRunLock<Value>(
  runFolder: string,
  action: () => Promise<Value>,
): Promise<Value> {
  return withLock(lockOf(runFolder), 'the run', async () => {
    await removeLeftovers(runFolder);
    return action();
  });
}

/** Whether a living process holds the lock of the run, or of one of these trials. */
export async function isWorkedOn(runFolder: string, trials: readonly number[]): Promise<boolean> {
  const locks = [lockOf(runFolder), ...trials.map((index) => trialFiles(runFolder, index).lock)];
  return (await Promise.all(locks.map((lock) => isLocked(lock)))).includes(true);
}

/** The living process that trains the run, if there is one. */
export function runHolder(runFolder: string): Promise<Holder | undefined> {
  return lockHolder(lockOf(runFolder));
}

function lockOf(runFolder: string): string {
  return join(runFolder, 'lock');
}
