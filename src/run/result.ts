import { z } from 'zod';
import { readJson } from '../files/read.js';
import { outcomes } from '../log/constants.js';
import type { LogRecord } from '../log/records.js';
import { LockstepError, splitNames } from '../protocol/index.js';
import type { Resolved } from '../schema/fields.js';
import { challengersOf, scoreDifferences, spellScores, variantScores } from './measurements.js';
import { trialHistory } from './trial-history.js';
import type { TrialHistory } from './trial-history.js';

export const resultSchemaVersion = 2;

const scores = z.record(
  z.string(),
  z.union([z.number(), z.literal(['NaN', 'Infinity', '-Infinity'])]),
);

const measurement = {
  step: z.int().gte(0),
  examples: z.int().gte(1),
  scores,
  counts: z.record(z.string(), z.int().gte(0)).optional(),
};

const history = {
  final: z.strictObject(measurement).optional(),
  evaluations: z.array(
    z.strictObject({
      ...measurement,
      split: z.enum(splitNames),
      perClass: z.record(z.string(), z.array(z.number().nullable())).optional(),
    }),
  ),
  /** In place of the others where the run was imported. */
  imported: scores.optional(),
};

const resultSchema = z.strictObject({
  schemaVersion: z.literal(resultSchemaVersion),
  trial: z.int().gte(0),
  seed: z.int(),
  /** The sweep point: the keys it overrides and their values. Absent outside sweeps. */
  point: z.record(z.string(), z.unknown()).optional(),
  outcome: z.enum(outcomes),
  reason: z.string().optional(),
  /** The last step trained; 0 when there was none. */
  steps: z.int().gte(0),
  baseline: z.string(),
  variants: z.record(
    z.string(),
    z.strictObject({
      label: z.string(),
      /** Number of trainable parameters; unknown where the run was imported, and of programs that do not tell. */
      parameters: z.int().gte(0).optional(),
      /** Where it dropped out, if it did. */
      diverged: z.strictObject({ step: z.int().gte(0), reason: z.string() }).optional(),
      /** With early stopping: its last step, whether planned steps were left, and the step whose weights are evaluated last. */
      stopped: z
        .strictObject({ step: z.int().gte(0), bestStep: z.int().gte(0), early: z.boolean() })
        .optional(),
      /** Of an imported run whose source has steps: that of the values. */
      lastStep: z.int().gte(0).optional(),
      ...history,
    }),
  ),
  /** Challenger - baseline, by challenger. */
  delta: z.record(z.string(), z.strictObject(history)),
});

/** `result.json`: the findings of a trial, equal to the byte however often it is run or resumed. */
export type TrialResult = Resolved<typeof resultSchema>;

const resultFile = {
  what: 'the result of a trial',
  version: resultSchemaVersion,
  schema: resultSchema,
};

/**
 * A trial's result.json; undefined while it has none, which means that it is not done.
 * @throws LockstepError `data` naming the key that is wrong
 */
export function readResult(path: string): Promise<TrialResult | undefined> {
  return readJson(path, resultFile);
}

export interface TrialResultOptions {
  /** The trial's point in a sweep. */
  readonly point?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Draws a trial's result from its log. Nothing in it depends on when, where or how fast the trial
 * ran, nor on interruptions.
 * @throws LockstepError `data` when the log lacks its trial.start or trial.end
 */
export function trialResult(
  records: Iterable<LogRecord>,
  { point }: TrialResultOptions = {},
): TrialResult {
  const history = trialHistory(records);
  const { start, steps, end } = history;
  if (!end) {
    throw new LockstepError('data', 'Expected a trial.end record in the log, got none', {
      hint: 'The trial did not end; resume its run.',
    });
  }
  const variants = Object.entries(start.variants).map(
    ([name, { label, parameters }]) =>
      [
        name,
        {
          label,
          ...(parameters !== undefined && { parameters }),
          ...divergence(history, name),
          ...earlyStop(history, name),
          ...spellScores(variantScores(history, name)),
        },
      ] as const,
  );
  const delta = challengersOf(history).map(
    (name) => [name, spellScores(scoreDifferences(history, name))] as const,
  );
  return {
    schemaVersion: resultSchemaVersion,
    trial: start.trial,
    seed: start.seed,
    ...(point && { point }),
    outcome: end.outcome,
    ...(end.reason !== undefined && { reason: end.reason }),
    steps: steps.at(-1)?.step ?? 0,
    baseline: start.baseline,
    variants: Object.fromEntries(variants),
    delta: Object.fromEntries(delta),
  };
}

function divergence({ variantEnds }: TrialHistory, variant: string) {
  const end = variantEnds.find((record) => record.variant === variant);
  return end && { diverged: { step: end.step, reason: end.reason } };
}

/** Where a variant's training ended under early stopping, if it did. */
export function earlyStop({ start, variantStops }: TrialHistory, variant: string) {
  const stop = variantStops.find((record) => record.variant === variant);
  if (stop === undefined) return undefined;
  const { step, bestStep } = stop;
  return { stopped: { step, bestStep, early: step < start.steps } };
}
