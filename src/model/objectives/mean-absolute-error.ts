import { z } from 'zod';
import { map } from '../../schema/fields.js';
import { objectiveKind } from './kind.js';

export const meanAbsoluteError = objectiveKind({
  schema: map({
    kind: z
      .literal('meanAbsoluteError')
      .describe('Numbers, one for each output; mean over outputs and examples.'),
  }),
  targets: 'numbers',
});
