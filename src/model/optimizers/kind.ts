import type { z } from 'zod';
import { nonNegative, positive } from '../../schema/fields.js';
import type { Resolved } from '../../schema/fields.js';
import { scheduleSchema } from '../schedules.js';

/** A setting of every optimizer. */
export const learningRate = nonNegative().describe(
  'Step size of the optimizer; 0 trains nothing, as a control.',
);

/** A setting of every optimizer. */
export const schedule = scheduleSchema
  .optional()
  .describe('How the learning rate changes from step to step. Default: it stays.');

/** Settings of every optimizer. */
export const clipping = {
  clipValue: positive()
    .optional()
    .describe('Clip each gradient component to [-clipValue, clipValue]. Default: no clipping.'),
  clipNorm: positive()
    .optional()
    .describe(
      'Scale all gradients by one factor where their Euclidean norm, over all parameters together, exceeds this (the global norm; after `clipValue`). Default: no clipping.',
    ),
};

/** Weight decay of optimizers that do not decouple it. */
export const coupledWeightDecay = nonNegative()
  .optional()
  .describe(
    'L2 regularization of all parameters, biases too: weightDecay * parameter is added to its clipped gradient, as in PyTorch (the penalty weightDecay / 2 * ‖parameter‖²). Default: 0.',
  );

/**
 * A kind of optimizer: its settings, and the state it keeps. The file of the same name in
 * `workers/model/optimizers` computes it; clipping and weight decay are computed there once for all kinds.
 */
export interface OptimizerKind<Schema extends z.ZodObject> {
  /** Validates its settings in a configuration, `kind` among them. */
  readonly schema: Schema;
  /** Names of the tensors it keeps for each parameter, of the parameter's shape. */
  slots(spec: Resolved<Schema>): readonly string[];
  /** Whether its `weightDecay` shrinks the parameters themselves instead of adding to the gradients. */
  readonly decouplesDecay?: boolean;
}

/** Checks a kind's definition and keeps its types. */
export function optimizerKind<Schema extends z.ZodObject>(
  definition: OptimizerKind<Schema>,
): OptimizerKind<Schema> {
  return definition;
}
