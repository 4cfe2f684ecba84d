import { join } from 'node:path';
import { z } from 'zod';
import { readJson } from '../files/read.js';
import { writeJsonAtomic } from '../files/write-atomic.js';
import { LockstepError } from '../protocol/index.js';
import { extensionSchema, planTrials, seedsOf } from './manifest.js';
import type { Extension, Manifest, Trial } from './manifest.js';

export const extensionsName = 'extensions.json';

const extensionsFile = {
  what: 'the extensions of a run',
  version: 1,
  schema: z.strictObject({ schemaVersion: z.literal(1), extensions: z.array(extensionSchema) }),
};

/** The manifest with the seeds that were added since; itself where there are none. */
export async function withExtensions(runFolder: string, manifest: Manifest): Promise<Manifest> {
  const path = join(runFolder, extensionsName);
  const file = await readJson(path, extensionsFile);
  if (file === undefined) return manifest;
  return file.extensions.reduce(extended, manifest);
}

/** @param seeds all that the run is to have, those that it has among them @returns those to add, in their order */
export function seedsToAdd(manifest: Manifest, seeds: readonly number[]): number[] {
  if (manifest.variance !== undefined) {
    throw new LockstepError(
      'usage',
      '--seeds: expected a run whose trials are seeds, got a decomposition of variance, whose trials are the cells of a square',
      { hint: 'Start another with `lockstep variance` and more --levels.' },
    );
  }
  const present = seedsOf(manifest);
  const missing = present.filter((seed) => !seeds.includes(seed));
  if (missing.length > 0) {
    throw new LockstepError(
      'usage',
      `--seeds: expected the seeds of the run and those to add, got a list without ${missing.join(', ')}`,
      { hint: `Seeds cannot be removed; the run has ${present.join(', ')}.` },
    );
  }
  return seeds.filter((seed) => !present.includes(seed));
}

/** Records the extensions of a manifest beside the frozen one. */
export async function writeExtensions(runFolder: string, manifest: Manifest): Promise<void> {
  const { extensions = [] } = manifest;
  await writeJsonAtomic(join(runFolder, extensionsName), { schemaVersion: 1, extensions });
}

/** The manifest with further seeds. Trials keep their indices: those of an extension come after all others. */
export function extended(manifest: Manifest, extension: Extension): Manifest {
  const { config, trials, extensions = [] } = manifest;
  const added = planTrials({ ...config, seeds: extension.seeds }).map(
    ({ point, seed }, at): Trial => ({ index: trials.length + at, point, seed }),
  );
  return { ...manifest, trials: [...trials, ...added], extensions: [...extensions, extension] };
}
