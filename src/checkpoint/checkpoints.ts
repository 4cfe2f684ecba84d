import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readBytes, readJson } from '../files/read.js';
import { cannotWrite, jsonText, syncFolder, writeSynced } from '../files/write-atomic.js';
import { z } from 'zod';
import { sha256 } from '../files/checksums.js';
import { LockstepError } from '../protocol/index.js';
import type { TensorMap } from '../protocol/index.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';

export const stateSchemaVersion = 1;

/** All variants' weights (and optimizer slots) right after a step. */
export interface Checkpoint {
  readonly step: number;
  /** By variant name. */
  readonly variants: Readonly<Record<string, TensorMap>>;
  /** Names of variants whose state cannot be saved. */
  readonly unsaved?: readonly string[];
}

const stateSchema = z.strictObject({
  schemaVersion: z.literal(stateSchemaVersion),
  step: z.int().gte(0),
  configHash: z.string(),
  /** By name, without a folder: SHA-256 in hexadecimal. */
  files: z.record(
    z.string().regex(/^[^/\\]+\.safetensors$/, { error: 'the name of a safetensors file' }),
    z.string().regex(/^[0-9a-f]{64}$/, { error: 'a SHA-256 in hexadecimal' }),
  ),
  /** Names of variants that it lacks, as their programs do not save: no trial can go on from it. */
  unsaved: z.array(z.string()).min(1).optional(),
});

/** `state.json`: written last, it vouches for the checkpoint's other files. */
export type CheckpointState = Readonly<z.output<typeof stateSchema>>;

export const stateFile = {
  what: 'the state of a checkpoint',
  version: stateSchemaVersion,
  schema: stateSchema,
};

/** Where an existing checkpoint is while another of its step takes its place. */
const asideSuffix = '.old';

/** The folder of a step's checkpoint, relative to the trial's folder. */
export function checkpointPath(step: number): string {
  return `checkpoints/step-${String(step).padStart(6, '0')}`;
}

/**
 * Writes `checkpoints/step-NNNNNN/{<variant>.safetensors, state.json}` whole or not at all: into a
 * temporary folder, synced, then renamed. An existing checkpoint of that step is replaced; at no moment is
 * there neither (see {@link recoverCheckpoints}).
 * @param move renames a folder; for tests
 * @returns the folder, relative to the trial's
 * @throws LockstepError `disk` when it cannot be written; all that were there still are
 */
export async function writeCheckpoint(
  trialFolder: string,
  configHash: string,
  { step, variants, unsaved = [] }: Checkpoint,
  move: (from: string, to: string) => Promise<void> = rename,
): Promise<string> {
  const path = checkpointPath(step);
  const target = join(trialFolder, path);
  const temporary = `${target}.tmp`;
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true });
    const files: Record<string, string> = {};
    for (const [variant, tensors] of Object.entries(variants)) {
      const bytes = encodeSafetensors(tensors, { variant, step: String(step) });
      files[`${variant}.safetensors`] = sha256(bytes);
      await writeSynced(join(temporary, `${variant}.safetensors`), bytes);
    }
    const state: CheckpointState = {
      schemaVersion: stateSchemaVersion,
      step,
      configHash,
      files,
      ...(unsaved.length > 0 && { unsaved: [...unsaved] }),
    };
    await writeSynced(join(temporary, 'state.json'), jsonText(state));
    await syncFolder(temporary);
    if (existsSync(target)) await move(target, target + asideSuffix);
    await move(temporary, target);
    await syncFolder(dirname(target));
    await rm(target + asideSuffix, { recursive: true, force: true });
  } catch (cause) {
    await recoverCheckpoints(trialFolder).catch(() => undefined);
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw cannotWrite(`checkpoint ${target}`, cause);
  }
  return path;
}

/**
 * Finishes replacements that a crash interrupted: where the new checkpoint is not in place, the old one is put
 * back; otherwise it is removed.
 * Only for the holder of the trial's lock.
 */
export async function recoverCheckpoints(trialFolder: string): Promise<void> {
  const folder = join(trialFolder, 'checkpoints');
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith(asideSuffix)) continue;
    const aside = join(folder, name);
    const target = aside.slice(0, -asideSuffix.length);
    if (existsSync(target)) await rm(aside, { recursive: true, force: true });
    else await rename(aside, target);
  }
}

/** Removes all but the `keep` newest checkpoints; step 0 always stays. */
export async function pruneCheckpoints(trialFolder: string, keep: number): Promise<void> {
  const steps = (await checkpointSteps(trialFolder)).filter((step) => step > 0);
  for (const step of steps.slice(keep)) {
    await rm(join(trialFolder, checkpointPath(step)), { recursive: true, force: true });
  }
}

/** A checkpoint that could not be used. */
export interface PassedOver {
  readonly step: number;
  /** The fault, and the file that has it. */
  readonly reason: string;
}

export interface FoundCheckpoint {
  readonly checkpoint: Checkpoint | undefined;
  /** Newer ones that could not be used, newest first. */
  readonly passedOver: readonly PassedOver[];
}

/**
 * The newest checkpoint whose files are whole, of this configuration and at most `lastStep`; a corrupt
 * one falls back to the one before it. Only for the holder of the trial's lock.
 */
export async function findCheckpoint(
  trialFolder: string,
  configHash: string,
  lastStep: number,
): Promise<FoundCheckpoint> {
  await recoverCheckpoints(trialFolder);
  const passedOver: PassedOver[] = [];
  for (const step of await checkpointSteps(trialFolder)) {
    if (step > lastStep) continue;
    try {
      return { checkpoint: await readCheckpoint(trialFolder, configHash, step), passedOver };
    } catch (error) {
      passedOver.push({ step, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { checkpoint: undefined, passedOver };
}

async function readCheckpoint(
  trialFolder: string,
  configHash: string,
  step: number,
): Promise<Checkpoint> {
  const folder = join(trialFolder, checkpointPath(step));
  const statePath = join(folder, 'state.json');
  const state = await readJson(statePath, stateFile);
  if (state === undefined) throw missing(statePath);
  if (state.step !== step || state.configHash !== configHash) {
    throw new LockstepError('data', `${statePath}: belongs to another step or configuration`);
  }
  if (state.unsaved !== undefined) {
    const names = state.unsaved.join(', ');
    throw new LockstepError(
      'data',
      `${statePath}: has no state of ${names}, whose program does not save`,
    );
  }
  const variants: Record<string, TensorMap> = {};
  for (const [file, expected] of Object.entries(state.files)) {
    const path = join(folder, file);
    const bytes = await readBytes(path);
    if (bytes === undefined) throw missing(path);
    if (sha256(bytes) !== expected) {
      throw new LockstepError(
        'data',
        `${path}: expected SHA-256 ${expected}, got ${sha256(bytes)}`,
      );
    }
    variants[file.replace(/\.safetensors$/, '')] = decodeSafetensors(bytes, path);
  }
  return { step, variants };
}

function missing(path: string): LockstepError {
  return new LockstepError('data', `${path}: expected a file, found none`);
}

/** Steps with a checkpoint, newest first. */
export async function checkpointSteps(trialFolder: string): Promise<number[]> {
  const names = await readdir(join(trialFolder, 'checkpoints')).catch(() => []);
  return names
    .map((name) => /^step-(\d+)$/.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => b - a);
}
