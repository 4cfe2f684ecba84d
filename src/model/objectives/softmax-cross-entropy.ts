import { z } from 'zod';
import { fraction, list, map, nonNegative } from '../../schema/fields.js';
import { objectiveKind } from './kind.js';

export const softmaxCrossEntropy = objectiveKind({
  schema: map({
    kind: z
      .literal('softmaxCrossEntropy')
      .default('softmaxCrossEntropy')
      .describe('Classes: an integer of each example, an output for each class.'),
    labelSmoothing: fraction()
      .default(0)
      .describe(
        'Share of each target that is spread over all classes alike (Szegedy et al. 2016, arXiv:1512.00567).',
      ),
    classWeights: z
      .union(
        [
          list(nonNegative()).refine((weights) => weights.some((weight) => weight > 0), {
            error:
              'expected at least one weight above 0, got only zeros, with which no example counts',
          }),
          z.literal('balanced'),
        ],
        { error: 'a list of numbers of at least 0, or balanced' },
      )
      .optional()
      .describe(
        'Factor of the loss of the examples of each class, in order; the mean is still over the number of examples, as in Keras. `balanced`: n / (k n_c) for class c, with n examples of k classes in the training split and n_c of the class, as in scikit-learn. Default: all 1.',
      ),
  }),
  targets: 'classes',
  misfit: ({ classWeights }, outputs) =>
    classWeights === undefined || classWeights === 'balanced' || classWeights.length === outputs
      ? undefined
      : `expected ${outputs} classWeights, one for each unit of the last layer, got ${classWeights.length}`,
});
