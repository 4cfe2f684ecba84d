import type { z } from 'zod';
import { nonNegative } from '../../schema/fields.js';

/** A setting of every optimizer. */
export const learningRate = nonNegative().describe(
  'Step size of the optimizer; 0 trains nothing, as a control.',
);

/**
 * A kind of optimizer: its settings, and the state it keeps. The file of the same name in
 * `workers/model/optimizers` computes it.
 */
export interface OptimizerKind<Schema extends z.ZodObject> {
  /** Validates its settings in a configuration, `kind` among them. */
  readonly schema: Schema;
  /** Names of the tensors it keeps for each parameter, of the parameter's shape. */
  slots(spec: z.output<Schema>): readonly string[];
}

/** Checks a kind's definition and keeps its types. */
export function optimizerKind<Schema extends z.ZodObject>(
  definition: OptimizerKind<Schema>,
): OptimizerKind<Schema> {
  return definition;
}
