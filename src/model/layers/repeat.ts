import { z } from 'zod';
import { map, whole } from '../../schema/fields.js';
import { layerKind } from './kind.js';
import type { InnerLayers } from './kind.js';

const most = 1000;

/** Depth as one number, so that a sweep can vary it. */
export const repeat = (inner: InnerLayers) =>
  layerKind({
    kind: 'repeat',
    schema: map({
      kind: z
        .literal('repeat')
        .describe(
          'Has its layers several times, one after the other, each time with parameters of their own. In names they are counted on: of two layers, the second time, the first is `layers.2`.',
        ),
      times: whole(1)
        .max(most, { error: `a whole number from 1 to ${most}` })
        .describe(`How many times, at most ${most}.`),
      layers: inner.schema.describe('What is repeated, one layer an item.'),
    }),
    resolve: ({ times, ...config }, defaults, givesLogits) => ({
      ...config,
      layers: Array.from({ length: times }, (_, time) =>
        inner.resolve(config.layers, defaults, givesLogits && time === times - 1),
      ).flat(),
    }),
    infer: (_spec, _input, output) => ({ output, parameters: [], flops: 0 }),
  });
