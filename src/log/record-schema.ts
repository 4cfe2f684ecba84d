import { z } from 'zod';
import { engineNames, exitCodes, splitNames } from '../protocol/index.js';
import { logSchemaVersion, outcomes } from './records.js';
import type { LogRecord } from './records.js';
import type { ErrorCode } from '../protocol/index.js';

const errorCodes = Object.keys(exitCodes) as ErrorCode[];
const count = z.int().gte(0);
const int32 = z.int32();
const metric = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
const milliseconds = z.number().gte(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const digest = z.string().regex(/^[0-9a-f]{16}$/);
const streamSeed = z.union([int32, z.record(z.string(), int32)]);
const scores = { loss: metric, accuracy: metric };

const base = {
  level: count,
  time: count,
  schemaVersion: z.literal(logSchemaVersion),
  runId: z.string(),
  trial: count,
  seed: z.int(),
  seq: z.int().gte(1),
};

/**
 * What `docs/log-schema.md` says of every record: its keys, no others, and their types.
 */
export const recordSchema: z.ZodType<LogRecord> = z.discriminatedUnion('event', [
  z.strictObject({
    ...base,
    event: z.literal('trial.start'),
    engine: z.strictObject({
      name: z.enum(engineNames),
      version: z.string(),
      device: z.string(),
      details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      environment: z.record(z.string(), z.string()),
    }),
    configHash: sha256,
    steps: z.int().gte(1),
    batchSize: z.int().gte(1),
    baseline: z.string(),
    streams: z.strictObject({ data: int32, init: streamSeed, dropout: streamSeed }),
    variants: z.record(
      z.string(),
      z.strictObject({ label: z.string(), legend: z.string().optional(), parameters: count }),
    ),
  }),
  z.strictObject({
    ...base,
    event: z.literal('trial.resume'),
    step: count,
    passedOver: z.array(z.strictObject({ step: count, reason: z.string() })).optional(),
  }),
  z.strictObject({
    ...base,
    event: z.literal('step'),
    step: z.int().gte(1),
    epoch: count,
    batch: z.strictObject({ indicesDigest: digest }),
    variants: z.record(
      z.string(),
      z.strictObject({
        ...scores,
        inputDigest: digest,
        indicesDigest: digest,
        trainMs: milliseconds,
        evalMs: milliseconds,
      }),
    ),
  }),
  z.strictObject({
    ...base,
    event: z.literal('evaluation'),
    step: count,
    split: z.enum(splitNames),
    examples: z.int().gte(1),
    variants: z.record(z.string(), z.strictObject(scores)),
  }),
  z.strictObject({ ...base, event: z.literal('checkpoint'), step: count, path: z.string() }),
  z.strictObject({
    ...base,
    event: z.literal('trial.end'),
    outcome: z.enum(outcomes),
    step: count,
    reason: z.string().optional(),
    code: z.enum(errorCodes).optional(),
  }),
]);

/** The JSON Schema (2020-12) of one line of a log, published as `docs/log.schema.json`. */
export function logJsonSchema(): object {
  return { title: 'Lockstep log record', ...z.toJSONSchema(recordSchema) };
}
