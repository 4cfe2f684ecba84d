import { z } from 'zod';
import type { Config } from '../config/schema.js';
import { deviceRequests, engineNames } from '../protocol/index.js';
import { manifestSchemaVersion } from './manifest.js';
import type { Manifest } from './manifest.js';

/** The keys that every manifest has, and their types; of the configuration only that it is a map. */
export const manifestSchema: z.ZodType<Manifest> = z.looseObject({
  schemaVersion: z.literal(manifestSchemaVersion),
  runId: z.string(),
  createdAt: z.iso.datetime(),
  config: z.custom<Config>((value) => typeof value === 'object' && value !== null),
  configHash: z.string(),
  origin: z
    .looseObject({
      sources: z.array(
        z.looseObject({ source: z.string(), sha256: z.string(), values: z.unknown() }),
      ),
      overrides: z.array(z.string()),
    })
    .optional(),
  engine: z.looseObject({
    name: z.enum(engineNames),
    reason: z.string(),
    device: z.enum(deviceRequests).optional(),
    version: z.string().optional(),
  }),
  trace: z.boolean(),
  trials: z.array(
    z.looseObject({
      index: z.int().gte(0),
      point: z.record(z.string(), z.unknown()),
      seed: z.int(),
    }),
  ),
  provenance: z.looseObject({
    lockstep: z.looseObject({
      version: z.string(),
      commit: z.string().optional(),
      dirty: z.boolean().optional(),
      code: z.string().optional(),
      lockfile: z.string().optional(),
    }),
    packages: z.record(z.string(), z.string()),
    node: z.string(),
    platform: z.string(),
    cpu: z.looseObject({ model: z.string(), cores: z.number(), memoryBytes: z.number() }),
    data: z.array(z.looseObject({ name: z.string(), md5: z.string() })),
  }),
});
