import { z } from 'zod';
import { list, map, whole } from '../../schema/fields.js';
import { decayFactor } from './exponential.js';
import { scheduleKind, warmup } from './kind.js';

export const step = scheduleKind({
  schema: map({
    kind: z
      .literal('step')
      .describe(
        "The factor is multiplied by `factor` after every `every` steps, or after each of the steps `at`: PyTorch's StepLR and MultiStepLR.",
      ),
    factor: decayFactor.default(0.1),
    every: whole(1).optional().describe('Steps between two multiplications; this or `at`.'),
    at: list(whole(1)).optional().describe('Steps after which it is multiplied; this or `every`.'),
    warmup,
  }).superRefine(({ every, at }, context) => {
    if ((every === undefined) !== (at === undefined)) return;
    const got = every === undefined ? 'neither' : 'both';
    context.addIssue({ code: 'custom', message: `expected either every or at, got ${got}` });
  }),
  factor({ factor, every, at = [] }, elapsed) {
    const times =
      every === undefined
        ? at.filter((after) => after <= elapsed).length
        : Math.floor(elapsed / every);
    return factor ** times;
  },
  reaches: ({ every, at = [] }) =>
    every === undefined
      ? at.map((step, index) => ({ path: ['at', index], step }))
      : [{ path: ['every'], step: every }],
});
