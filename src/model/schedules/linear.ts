import { z } from 'zod';
import { map } from '../../schema/fields.js';
import { decaySteps, end, scheduleKind, warmup } from './kind.js';

export const linear = scheduleKind({
  schema: map({
    kind: z
      .literal('linear')
      .describe(
        "The factor falls linearly from 1 to `end`, as in Keras's PolynomialDecay of power 1.",
      ),
    steps: decaySteps,
    end,
    warmup,
  }),
  factor: ({ steps, end: last }, elapsed, remaining) =>
    last + (1 - last) * (1 - Math.min(1, elapsed / (steps ?? remaining))),
  reaches: ({ steps }) => (steps === undefined ? [] : [{ path: ['steps'], step: steps }]),
});
