import { join } from 'node:path';
import { z } from 'zod';
import { planPoints } from '../config/plan-points.js';
import { readJson } from '../files/read.js';
import { writeJsonAtomic } from '../files/write-atomic.js';
import { LockstepError } from '../protocol/index.js';
import type { Resolved } from '../schema/fields.js';
import type { Manifest, Trial } from './manifest.js';

const extensionSchema = z.strictObject({
  /** When it was made, UTC. */
  time: z.iso.datetime(),
  /** Added at every point, after all trials there were. */
  seeds: z.array(z.int().gte(0)).min(1),
  /** Whether any trial had a result by then, so that the decision to add them may rest on it. */
  hadResults: z.boolean(),
});

/** Seeds that were added to a run after its manifest was frozen. */
export type Extension = Resolved<typeof extensionSchema>;

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
export function seedsToAdd({ trials }: Manifest, seeds: readonly number[]): number[] {
  const present = new Set(trials.map(({ seed }) => seed));
  const missing = [...present].filter((seed) => !seeds.includes(seed));
  if (missing.length > 0) {
    throw new LockstepError(
      'usage',
      `--seeds: expected the seeds that the run has and those to add, got a list without ${missing.join(', ')}`,
      { hint: `Seeds cannot be removed; the run has ${[...present].join(', ')}.` },
    );
  }
  return seeds.filter((seed) => !present.has(seed));
}

/** Records the extensions of a manifest beside the frozen one. */
export async function writeExtensions(runFolder: string, manifest: Manifest): Promise<void> {
  const { extensions = [] } = manifest;
  await writeJsonAtomic(join(runFolder, extensionsName), { schemaVersion: 1, extensions });
}

/** The manifest with further seeds. Trials keep their indices: those of an extension come after all others. */
export function extended(manifest: Manifest, extension: Extension): Manifest {
  const { config, trials, extensions = [] } = manifest;
  const points = config.sweep === undefined ? [{}] : planPoints(config.sweep);
  const added = points
    .flatMap((point) => extension.seeds.map((seed) => ({ point, seed })))
    .map(({ point, seed }, at): Trial => ({ index: trials.length + at, point, seed }));
  return { ...manifest, trials: [...trials, ...added], extensions: [...extensions, extension] };
}
