import { z } from 'zod';
import { planPoints } from '../config/plan-points.js';
import { configSchema } from '../config/schema.js';
import type { Config } from '../config/schema.js';
import { deviceRequests, engineNames, LockstepError } from '../protocol/index.js';
import type { Resolved } from '../schema/fields.js';
import { crossedStreams, fewestLevels, latinSquare } from '../statistics/latin-square.js';

export const manifestSchemaVersion = 2;

/** A run's name is also a folder's name. */
const runId = z.string().regex(/^(?!\.)[^/\\\p{Cc}]+$/u, { error: 'the name of a folder' });

const provenanceSchema = z.strictObject({
  lockstep: z.strictObject({
    version: z.string(),
    /** The state of Lockstep's own checkout; absent when it was installed as a package. */
    commit: z.string().optional(),
    dirty: z.boolean().optional(),
    /** `codeHash` of what trains. */
    code: z.string().optional(),
    /** SHA-256 of package-lock.json, where there is one. */
    lockfile: z.string().optional(),
  }),
  /** Versions of the packages that can change numbers, by name. */
  packages: z.record(z.string(), z.string()),
  node: z.string(),
  platform: z.string(),
  cpu: z.strictObject({ model: z.string(), cores: z.number(), memoryBytes: z.number() }),
  data: z.array(z.strictObject({ name: z.string(), md5: z.string() })),
  /** The files that commands of programs name; absent where there are none. */
  programs: z.array(z.strictObject({ path: z.string(), sha256: z.string() })).optional(),
  /** The modules of variants, and what they import from files beside them; absent where there are none. */
  modules: z.array(z.strictObject({ path: z.string(), sha256: z.string() })).optional(),
});

/** The seeds that a trial's streams derive from. */
export const trialStreamsSchema = z.strictObject({
  data: z.int(),
  init: z.int(),
  dropout: z.int(),
});

const trialSchema = z.strictObject({
  /** Counted from 0; names the trial's folder. */
  index: z.int().gte(0),
  /** Configuration paths this point overrides; empty without a sweep. */
  point: z.record(z.string(), z.unknown()),
  seed: z.int(),
  /** In place of the seed, for each of these streams; augmentation goes with `data`. */
  streams: trialStreamsSchema.optional(),
});

const trialsSchema = z.array(trialSchema).superRefine((trials, context) => {
  for (const [position, { index }] of trials.entries()) {
    if (index === position) continue;
    const message = `expected ${position}, a trial's position in the list, got ${index}`;
    context.addIssue({ code: 'custom', path: [position, 'index'], message });
  }
});

/** What the manifest of an imported run has in common with that of a trained one. */
export const manifestParts = {
  runId,
  trials: trialsSchema,
  lockstep: provenanceSchema.shape.lockstep,
};

export const extensionSchema = z.strictObject({
  /** When it was made, UTC. */
  time: z.iso.datetime(),
  /** Added at every point, after all trials there were. */
  seeds: z.array(z.int().gte(0)).min(1),
  /** Whether any trial had a result by then, so that the decision to add them may rest on it. */
  hadResults: z.boolean(),
});

/** Seeds that were added to a run after its manifest was frozen. */
export type Extension = Resolved<typeof extensionSchema>;

/** `manifest.json`: everything that decides a run's numbers, frozen before it starts. */
const manifestSchema = z.strictObject({
  schemaVersion: z.literal(manifestSchemaVersion),
  runId,
  /** UTC. */
  createdAt: z.iso.datetime(),
  config: configSchema.refine(({ baseline, variants }) => Object.hasOwn(variants, baseline), {
    path: ['baseline'],
    error: 'the name of a variant',
  }),
  /** SHA-256 of the canonical JSON of `config`. */
  configHash: z.string(),
  /**
   * The files the configuration was made from, the root of `extends` first, and the flags laid over
   * them. Absent where it was made without files.
   */
  origin: z
    .strictObject({
      sources: z.array(
        z.strictObject({ source: z.string(), sha256: z.string(), values: z.unknown() }),
      ),
      overrides: z.array(z.string()),
    })
    .optional(),
  engine: z.strictObject({
    name: z.enum(engineNames),
    reason: z.string(),
    /** The device asked for. Absent: `auto`. */
    device: z.enum(deviceRequests).optional(),
    /** The version of the computing library, for instance TensorFlow's. */
    version: z.string().optional(),
  }),
  /** Whether each trial writes `trace.ndjson`. */
  trace: z.boolean(),
  trials: trialsSchema,
  /**
   * Present where the trials are the cells of a Latin square over the random streams, whose levels are the
   * seeds of `config`: they share streams, so they are no independent pairs.
   */
  variance: z.strictObject({ levels: z.int().gte(fewestLevels) }).optional(),
  /** Of the only dataset, the validation split among them: they decide how many steps an epoch has. */
  trainingExamples: z.int().gte(1).optional(),
  /** The same of each, where there are several; `source` is what `data` says of the dataset at its points. */
  datasets: z
    .array(
      z.strictObject({
        source: z.record(z.string(), z.unknown()),
        trainingExamples: z.int().gte(1),
      }),
    )
    .optional(),
  provenance: provenanceSchema,
});

export const manifestFile = {
  what: 'the manifest of a run',
  version: manifestSchemaVersion,
  schema: manifestSchema,
};

/** With the seeds that `lockstep resume --seeds` added since, oldest first, and their trials. */
export type Manifest = Resolved<typeof manifestSchema> & {
  /** Absent: the run was trained here. */
  readonly kind?: undefined;
  readonly extensions?: readonly Extension[] | undefined;
};

/** One sweep point with one seed; all variants train in it together. */
export type Trial = Resolved<typeof trialSchema>;

/** @param index as typed @param place of the manifest, for the error @throws LockstepError `usage` where there is none */
export function trialAt({ trials }: Pick<Manifest, 'trials'>, index: string, place: string): Trial {
  const trial = /^\d{1,9}$/.test(index) ? trials[Number(index)] : undefined;
  if (trial !== undefined) return trial;
  throw new LockstepError(
    'usage',
    `${place}: expected a trial from 0 to ${trials.length - 1}, got ${index}`,
  );
}

/** The circumstances of a run: enough to say, later, what changed. */
export type Provenance = Resolved<typeof provenanceSchema>;

/** The seeds of a run, those added since among them. */
export function seedsOf({ trials }: Pick<Manifest, 'trials'>): number[] {
  return [...new Set(trials.map(({ seed }) => seed))];
}

/**
 * The trials of a configuration: each point of its sweep with each seed, point after point; in a race, which
 * runs them in this order, seed after seed.
 */
export function planTrials({ sweep, seeds }: Pick<Config, 'sweep' | 'seeds'>): Trial[] {
  const points = sweep === undefined ? [{}] : planPoints(sweep);
  const planned =
    sweep?.method === 'race'
      ? seeds.flatMap((seed) => points.map((point) => ({ point, seed })))
      : points.flatMap((point) => seeds.map((seed) => ({ point, seed })));
  return planned.map(({ point, seed }, index) => ({ index, point, seed }));
}

/** The cells of a Latin square of trials. A cell's seed is its number, and draws nothing. */
export function planCells({ seeds }: Pick<Config, 'seeds'>, levels: number): Trial[] {
  return latinSquare(levels).map((cell, index) => {
    const ofLevels = crossedStreams.map((stream) => [stream, seeds[cell[stream]]]);
    const streams = Object.fromEntries(ofLevels) as NonNullable<Trial['streams']>;
    return { index, point: {}, seed: index, streams };
  });
}

/** The trials of each point, in the order in which the points are planned. */
export function trialsByPoint(trials: readonly Trial[]): Trial[][] {
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) {
    const key = JSON.stringify(trial.point);
    const group = groups.get(key);
    if (group) group.push(trial);
    else groups.set(key, [trial]);
  }
  return [...groups.values()];
}
