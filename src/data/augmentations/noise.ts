import { z } from 'zod';
import { map, positive } from '../../schema/fields.js';
import { augmentationKind } from './kind.js';

export const noise = augmentationKind({
  schema: map({
    kind: z
      .literal('noise')
      .describe(
        'Adds independent Gaussian noise to each value, unclipped; for inputs of any shape.',
      ),
    std: positive().describe(
      'Standard deviation of the noise, in units of the unscaled inputs; bytes count as numbers in [0, 1].',
    ),
  }),
  check: () => undefined,
});
