import { z } from 'zod';
import { engineNames, exitCodes, splitNames } from '../protocol/index.js';
import type { ErrorCode } from '../protocol/index.js';
import { logSchemaVersion, outcomes } from './constants.js';

const errorCodes = Object.keys(exitCodes) as [ErrorCode, ...ErrorCode[]];
const count = z.int().gte(0);
const int32 = z.int32();
const metric = z.union([z.number(), z.literal(['NaN', 'Infinity', '-Infinity'])]);
const milliseconds = z.number().gte(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const digest = z.string().regex(/^[0-9a-f]{16}$/);
const streamSeed = z
  .union([int32, z.record(z.string(), int32)])
  .describe('One int32 seed, or one by variant name where the stream is independent.');

/** `seq` counts the records of one trial from 1, without gaps. */
const base = {
  level: count.describe("pino's level: 30 is info, 40 is a warning."),
  time: count.describe('Milliseconds since the Unix epoch.'),
  schemaVersion: z.literal(logSchemaVersion),
  runId: z.string(),
  trial: count.describe('Index of the trial in the manifest.'),
  seed: z.int(),
  seq: z.int().gte(1).describe('Counts the records of the trial from 1, without gaps.'),
};

const scored = {
  scores: z
    .record(z.string(), metric)
    .describe('By metric: loss, accuracy, … What is not finite is spelled out.'),
  counts: z
    .record(z.string(), count)
    .optional()
    .describe('Examples that shares were made from, for instance `correct`. None once diverged.'),
};

const evaluated = {
  ...scored,
  perClass: z
    .record(z.string(), z.array(z.number().nullable()))
    .optional()
    .describe('By metric: the values that it averages, by class. Null for a class without one.'),
};

const trialStart = z.strictObject({
  ...base,
  event: z.literal('trial.start'),
  engine: z.strictObject({
    name: z.enum(engineNames),
    version: z.string().describe('Of the native library or of the wasm backend.'),
    device: z.string().describe('`cpu` or `gpu`.'),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    environment: z
      .record(z.string(), z.string())
      .describe('Variables that native code read when the process of the trial started.'),
  }),
  configHash: sha256.describe("SHA-256 of the trial's canonical configuration."),
  steps: z.int().gte(1),
  batchSize: z.int().gte(1),
  baseline: z.string(),
  streams: z.strictObject({
    data: int32,
    init: streamSeed,
    dropout: streamSeed,
    augmentation: streamSeed.optional(),
  }),
  variants: z.record(
    z.string(),
    z.strictObject({
      label: z.string(),
      legend: z
        .string()
        .optional()
        .describe("What the figure's legend says, if not `Loss <label>`."),
      parameters: count
        .optional()
        .describe('Number of trainable parameters; absent where a program does not tell.'),
      classWeights: z
        .array(z.number().gte(0))
        .optional()
        .describe('Of each class, where the objective balances them by the training split.'),
    }),
  ),
});

const trialResume = z.strictObject({
  ...base,
  event: z.literal('trial.resume'),
  step: count.describe('The trial goes on after the checkpoint of this step.'),
  passedOver: z
    .array(z.strictObject({ step: count, reason: z.string() }))
    .optional()
    .describe('Newer checkpoints that were not whole, newest first.'),
});

const step = z.strictObject({
  ...base,
  event: z.literal('step'),
  step: z.int().gte(1).describe('Counted from 1.'),
  epoch: count.describe('Counted from 0.'),
  batch: z.strictObject({
    indicesDigest: digest.describe('XXH64 of the int32 positions in the training split.'),
    targetsDigest: digest
      .optional()
      .describe('XXH64 of the targets that all variants trained on; absent where none tells.'),
  }),
  variants: z.record(
    z.string(),
    z.strictObject({
      ...scored,
      inputDigest: digest
        .optional()
        .describe('XXH64 of the scaled float32 inputs; absent of a program.'),
      indicesDigest: digest
        .optional()
        .describe(
          'Of the positions that this variant trained on; absent of a program that reads its own data.',
        ),
      trainMs: milliseconds,
      evalMs: milliseconds,
      learningRate: z
        .number()
        .gte(0)
        .optional()
        .describe("Of this step's update, where a schedule changes it."),
    }),
  ),
});

const evaluation = z.strictObject({
  ...base,
  event: z.literal('evaluation'),
  step: count,
  split: z.enum(splitNames),
  examples: z.int().gte(1).describe("How many, from the split's start."),
  weights: z
    .literal('best')
    .optional()
    .describe('With early stopping, of the last evaluation: those of each best evaluation.'),
  variants: z.record(z.string(), z.strictObject(evaluated)),
});

const checkpoint = z.strictObject({
  ...base,
  event: z.literal('checkpoint'),
  step: count,
  path: z.string().describe("Relative to the trial's folder: `checkpoints/step-000050`."),
});

const variantEnd = z.strictObject({
  ...base,
  event: z.literal('variant.end'),
  step: count,
  variant: z.string(),
  outcome: z.literal('diverged'),
  reason: z.string(),
});

const variantStop = z.strictObject({
  ...base,
  event: z.literal('variant.stop'),
  step: count.describe('The last step that the variant made.'),
  variant: z.string(),
  bestStep: count.describe(
    'The step of its best evaluation, whose weights are evaluated at the end.',
  ),
  best: metric.describe('What the metric of `training.earlyStopping` was there.'),
  reason: z.string(),
});

const trialEnd = z.strictObject({
  ...base,
  event: z.literal('trial.end'),
  outcome: z.enum(outcomes).describe('`diverged` if any variant did.'),
  step: count.describe('The last step that was logged.'),
  reason: z.string().optional(),
  code: z.enum(errorCodes).optional().describe('What kind of failure it was, where it failed.'),
});

/** Every record as `docs/log-schema.md` describes it: its keys, no others, and their types. */
export const recordSchema = z.discriminatedUnion('event', [
  trialStart,
  trialResume,
  step,
  evaluation,
  checkpoint,
  variantEnd,
  variantStop,
  trialEnd,
]);

/** The JSON Schema (2020-12) of one line of a log, published as `docs/log.schema.json`. */
export function logJsonSchema(): object {
  return { title: 'Lockstep log record', ...z.toJSONSchema(recordSchema) };
}
