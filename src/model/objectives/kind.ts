import type { z } from 'zod';
import type { TargetKind } from '../../protocol/network-plan.js';
import type { Resolved } from '../../schema/fields.js';

/**
 * A kind of training objective: its settings, and what it compares a network's outputs with. The file of
 * the same name in `workers/model/objectives` computes it.
 */
export interface ObjectiveKind<Schema extends z.ZodObject> {
  /** Validates its settings in a configuration, `kind` among them. */
  readonly schema: Schema;
  readonly targets: TargetKind;
  /** What is wrong with its settings for a network of so many outputs; undefined where nothing is. */
  misfit?(spec: Resolved<Schema>, outputs: number): string | undefined;
}

/** Checks a kind's definition and keeps its types. */
export function objectiveKind<Schema extends z.ZodObject>(
  definition: ObjectiveKind<Schema>,
): ObjectiveKind<Schema> {
  return definition;
}
