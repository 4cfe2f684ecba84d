import { z } from 'zod';
import { map } from '../../schema/fields.js';
import { decaySteps, end, scheduleKind, warmup } from './kind.js';

export const cosine = scheduleKind({
  schema: map({
    kind: z
      .literal('cosine')
      .describe(
        "The factor falls from 1 to `end` along half a cosine (Loshchilov and Hutter 2017, without restarts), as in Keras's CosineDecay.",
      ),
    steps: decaySteps,
    end,
    warmup,
  }),
  factor({ steps, end: last }, elapsed, remaining) {
    const progress = Math.min(1, elapsed / (steps ?? remaining));
    return last + ((1 - last) * (1 + Math.cos(Math.PI * progress))) / 2;
  },
  reaches: ({ steps }) => (steps === undefined ? [] : [{ path: ['steps'], step: steps }]),
});
