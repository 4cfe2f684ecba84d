import { z } from 'zod';
import { map, whole } from '../../schema/fields.js';
import { scheduleKind, warmup } from './kind.js';

const rule = 'a number above 0 and at most 1';

/** What a decay multiplies by. */
export const decayFactor = z
  .number({ error: rule })
  .gt(0, { error: rule })
  .lte(1, { error: rule })
  .describe('What it is multiplied by.');

export const exponential = scheduleKind({
  schema: map({
    kind: z
      .literal('exponential')
      .describe(
        "The factor shrinks by `factor` in `every` steps, a little each step, as in Keras's ExponentialDecay.",
      ),
    factor: decayFactor,
    every: whole(1).describe('Steps in which it shrinks by that much.'),
    warmup,
  }),
  factor: ({ factor, every }, elapsed) => factor ** (elapsed / every),
});
