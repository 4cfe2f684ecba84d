import { meanOverOutputs } from './mean-loss.js';
import type { ObjectiveOp } from './op.js';

/** `|output - target|`; where the two are equal its derivative is 0. */
export const meanAbsoluteError: ObjectiveOp<'meanAbsoluteError'> = (
  outputs,
  targets,
  _spec,
  engine,
) =>
  meanOverOutputs(engine, { outputs, targets }, (output, target) => {
    const error = output - target;
    return { loss: Math.abs(error), derivative: Math.sign(error) };
  });
