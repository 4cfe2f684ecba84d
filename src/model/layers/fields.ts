import { z } from 'zod';
import { flag, map, nonNegative, oneOf, orList, positive, whole } from '../../schema/fields.js';
import { activationNames, leakyReluSlope } from '../activations.js';
import type { ActivationConfig } from '../activations.js';
import { initializerNames, orthogonalGain, truncatedStddev } from '../initializers.js';
import type { InitializerConfig } from '../initializers.js';
import type { Pair } from './shapes.js';

/** Settings that several kinds of layers have. */

export const activationSchema: z.ZodType<ActivationConfig, ActivationConfig> = z.union(
  [
    oneOf(activationNames),
    map({
      kind: z
        .literal('leakyRelu', { error: 'leakyRelu, the only activation with settings' })
        .describe('The only activation with settings.'),
      slope: nonNegative().optional().describe(`Below 0. Default: ${leakyReluSlope}.`),
    }),
  ],
  { error: orList(activationNames) },
);

export const activation = activationSchema
  .optional()
  .describe("Default: the variant's activation; the layer that gives the logits is linear.");

export const initializerSchema: z.ZodType<InitializerConfig, InitializerConfig> = z.union(
  [
    oneOf(initializerNames),
    z.discriminatedUnion(
      'kind',
      [
        map({
          kind: z.literal('truncatedNormal').describe('Normal, redrawn beyond 2 stddev.'),
          stddev: positive()
            .optional()
            .describe(`Standard deviation before truncation. Default: ${truncatedStddev}.`),
        }),
        map({
          kind: z.literal('orthogonal').describe('Orthonormal rows or columns, times the gain.'),
          gain: positive().optional().describe(`Default: ${orthogonalGain}.`),
        }),
      ],
      { error: 'truncatedNormal or orthogonal, the initializers with settings' },
    ),
  ],
  { error: orList(initializerNames) },
);

export const init = initializerSchema
  .optional()
  .describe("How the weights are drawn. Default: the variant's init.");

const padding = oneOf(['same', 'valid']).default('same');

export const convolutionPadding = padding.describe(
  '`same` pads with zeros so that strides of 1 keep the size; `valid` does not pad.',
);

export const poolPadding = padding.describe(
  '`same`: windows may reach over the edges, where they take in only what lies inside; `valid`: all windows lie inside.',
);

export const poolSize = whole(1).default(2).describe('Height and width of the window, in pixels.');

export const poolStrides = whole(1)
  .optional()
  .describe('Step of the window in both directions, in pixels. Default: poolSize.');

/** A size in pixels, of both directions or of each. */
export function pair(): z.ZodType<number | Pair, number | Pair> {
  return z.union([whole(1), z.tuple([whole(1), whole(1)])], {
    error: 'a whole number of at least 1, or two of them [height, width]',
  });
}

export const bias = flag()
  .optional()
  .describe('Whether a bias is added to each output. Default: true.');
