import { z } from 'zod';
import { directions } from '../metrics/metric.js';
import { label, nonNegative, significanceLevel, whole } from '../schema/fields.js';
import type { Resolved } from '../schema/fields.js';
import { manifestParts, manifestSchemaVersion } from './manifest.js';
import type { Manifest } from './manifest.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What an imported run is about: less than a configuration, as nothing can be trained from it. */
const importedConfigSchema = z
  .strictObject({
    name: z.string(),
    /** The variant the others are compared with. */
    baseline: z.string(),
    variants: z.record(label(), z.strictObject({ label: label() })),
    /** By their names in the source, which direction is better. */
    metrics: z.record(label(), z.strictObject({ better: z.enum(directions) })),
    decision: z.strictObject({
      /** `imported.` and one of `metrics`. */
      metric: z.string(),
      alpha: significanceLevel(),
      margin: nonNegative(),
      pairs: whole(2).optional(),
      /** The results are all there: there is no sequence of looks. */
      sequential: z.undefined().optional(),
    }),
    /** Sweep points come from the source's columns: there is no plan of them. */
    sweep: z.undefined().optional(),
  })
  .refine(({ baseline, variants }) => Object.hasOwn(variants, baseline), {
    path: ['baseline'],
    error: 'the name of a variant',
  });

/** `manifest.json` of a run whose results were made elsewhere. */
const importedManifestSchema = z.strictObject({
  schemaVersion: z.literal(manifestSchemaVersion),
  kind: z.literal('imported'),
  runId: manifestParts.runId,
  /** When it was imported, UTC. */
  createdAt: z.iso.datetime(),
  config: importedConfigSchema,
  /** SHA-256 of the canonical JSON of `config`. */
  configHash: z.string(),
  source: z.strictObject({
    /** Who wrote it, for instance `csv` or `mlflow`. */
    format: z.string(),
    /** As it was named on the command line. */
    path: z.string(),
    /** Relative to `path`, or its own name. */
    files: z.array(z.strictObject({ name: z.string(), sha256 })).min(1),
    /** The flags that say what is what in it. */
    mapping: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  }),
  trials: manifestParts.trials,
  /** Of the Lockstep that imported: what trained is unknown. */
  provenance: z.strictObject({ lockstep: manifestParts.lockstep, node: z.string() }),
});

export const importedManifestFile = {
  what: 'the manifest of an imported run',
  version: manifestSchemaVersion,
  schema: importedManifestSchema,
};

export type ImportedManifest = Resolved<typeof importedManifestSchema> & {
  /** Seeds cannot be added to an imported run. */
  readonly extensions?: undefined;
};

type PlanKeys = 'kind' | 'config' | 'trials' | 'extensions';

/** What decides which trials of a run there are to be. */
export type PlannedRun = Pick<Manifest, PlanKeys> | Pick<ImportedManifest, PlanKeys>;
