import { z } from 'zod';
import { map } from '../../schema/fields.js';
import { scheduleKind, warmup } from './kind.js';

export const constant = scheduleKind({
  schema: map({
    kind: z.literal('constant').describe('The factor stays 1; for a warm-up alone.'),
    warmup,
  }),
  factor: () => 1,
});
