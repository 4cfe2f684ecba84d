import { z } from 'zod';
import { map, whole } from '../../schema/fields.js';
import { layerKind } from './kind.js';
import type { InnerLayer, InnerLayers } from './kind.js';

const most = 1000;
const mostLayers = 10_000;

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
    }).superRefine(({ times, layers }, context) => {
      const count = times * countOf(layers);
      if (count <= mostLayers) return;
      const message = `expected at most ${mostLayers} layers, all repetitions counted, got ${count}`;
      context.addIssue({ code: 'custom', path: ['times'], message });
    }),
    resolve: ({ times, ...config }, defaults, givesLogits) => ({
      ...config,
      times,
      layers: Array.from({ length: times }, (_, time) =>
        inner.resolve(config.layers, defaults, givesLogits && time === times - 1),
      ).flat(),
    }),
    infer: (_spec, _input, output) => ({ output, parameters: [], flops: 0 }),
    repetition({ times, layers }, position) {
      const written = layers.length / times;
      return { index: position % written, time: 1 + Math.floor(position / written), times };
    },
  });

/** How many layers there are once all repetitions are written out. */
function countOf(layers: readonly InnerLayer[]): number {
  return layers.reduce((count, layer) => {
    const { times = 1, layers: inside = [] } = layer as Partial<Repeated>;
    return count + 1 + times * countOf(inside);
  }, 0);
}

interface Repeated {
  readonly times: number;
  readonly layers: readonly InnerLayer[];
}
