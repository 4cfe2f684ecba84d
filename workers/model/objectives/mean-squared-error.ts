import { meanOverOutputs } from './mean-loss.js';
import type { ObjectiveOp } from './op.js';

/** `(output - target)^2`. */
export const meanSquaredError: ObjectiveOp<'meanSquaredError'> = (
  outputs,
  targets,
  _spec,
  engine,
) =>
  meanOverOutputs(engine, { outputs, targets }, (output, target) => {
    const error = output - target;
    return { loss: error ** 2, derivative: 2 * error };
  });
