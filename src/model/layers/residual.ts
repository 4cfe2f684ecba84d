import { z } from 'zod';
import type { Shape } from '../../protocol/network-plan.js';
import { map } from '../../schema/fields.js';
import { drawn } from '../initializers.js';
import { init } from './fields.js';
import { layerKind } from './kind.js';
import type { InnerLayers, ParameterSpec } from './kind.js';
import { misfit, projectionStrides, sizeOf } from './shapes.js';

export const residual = (inner: InnerLayers) =>
  layerKind({
    kind: 'residual',
    schema: map({
      kind: z
        .literal('residual')
        .describe(
          'Adds its input to what its layers make of it (He et al., arXiv:1512.03385). Where the shapes differ a kernel without bias projects the input: a 1x1 convolution that steps as far as the layers do, or a dense kernel.',
        ),
      layers: inner.schema.describe('From its input to what is added, one layer an item.'),
      init,
    }),
    resolve: (config, defaults, givesLogits) => ({
      ...config,
      layers: inner.resolve(config.layers, defaults, givesLogits),
      init: config.init ?? defaults.init,
    }),
    infer({ init }, input, output) {
      const shape = projectionShape(input, output);
      if (shape === undefined) return { output, parameters: [], flops: 0 };
      const [fanIn, fanOut] = shape.slice(-2) as [number, number];
      const kernel: ParameterSpec = {
        name: 'projection.kernel',
        shape,
        trainable: true,
        init: drawn(init, { fanIn, fanOut }),
      };
      return { output, parameters: [kernel], flops: 2 * fanIn * sizeOf(output) };
    },
  });

/** The kernel's; undefined where the input is added as it is. */
function projectionShape(input: Shape, output: Shape): Shape | undefined {
  if (input.join() === output.join()) return undefined;
  const channels = [...input.slice(-1), ...output.slice(-1)];
  if (input.length === 1 && output.length === 1) return channels;
  const isImage = input.length === 3 && output.length === 3;
  if (isImage && projectionStrides(input, output) !== undefined) return [1, 1, ...channels];
  throw misfit(
    isImage
      ? `layers that give [${input.slice(0, 2).join(', ')}] pixels, or a whole part of them`
      : 'layers that give an image for an image and a vector for a vector',
    output,
    isImage
      ? 'Set padding: same in the layers of the block.'
      : 'Move the layer that turns the image into a vector out of the block.',
    'layers',
  );
}
