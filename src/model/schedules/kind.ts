import { z } from 'zod';
import { whole } from '../../schema/fields.js';
import type { Resolved } from '../../schema/fields.js';

/** Settings of every schedule. */
export const warmup = whole(0)
  .default(0)
  .describe(
    'Steps over which the factor first rises linearly from 0, which the first step has, to 1, which the step after them has. The schedule begins there.',
  );

/** How far a decay goes: a factor of the learning rate. */
export const end = z
  .number({ error: 'a number from 0 to 1' })
  .gte(0, { error: 'a number from 0 to 1' })
  .lte(1, { error: 'a number from 0 to 1' })
  .default(0)
  .describe('The factor at the end of the decay, which stays from there on.');

/** How long a decay takes. */
export const decaySteps = whole(1)
  .optional()
  .describe(
    'Steps from the end of the warm-up to the end of the decay. Default: all the training has.',
  );

/** A kind of learning-rate schedule: its settings, and the factor of the learning rate that it gives. */
export interface ScheduleKind<Schema extends z.ZodObject> {
  /** Validates its settings in a configuration, `kind` among them. */
  readonly schema: Schema;
  /**
   * What the learning rate of a step is multiplied by.
   * @param elapsed steps since the end of the warm-up, from 0
   * @param remaining steps that the training has from there in all, at least 1
   */
  factor(spec: Resolved<Schema>, elapsed: number, remaining: number): number;
  /** Settings that name a step, counted from the end of the warm-up; a training that ends before makes them void. */
  reaches?(spec: Resolved<Schema>): readonly ScheduledStep[];
}

/** A step that a setting of a schedule names. */
export interface ScheduledStep {
  /** Below the schedule, for instance `['at', 1]`. */
  readonly path: readonly (string | number)[];
  readonly step: number;
}

/** Checks a kind's definition and keeps its types. */
export function scheduleKind<Schema extends z.ZodObject>(
  definition: ScheduleKind<Schema>,
): ScheduleKind<Schema> {
  return definition;
}
