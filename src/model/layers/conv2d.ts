import { z } from 'zod';
import { map, whole } from '../../schema/fields.js';
import { drawn } from '../initializers.js';
import { activation, convolutionPadding, init } from './fields.js';
import { layerKind } from './kind.js';
import { requireImage, sizeOf, windowedSize } from './shapes.js';

export const conv2d = layerKind({
  kind: 'conv2d',
  schema: map({
    kind: z.literal('conv2d').describe('2-D convolution with a bias.'),
    filters: whole(1).describe('Number of output channels.'),
    kernelSize: whole(1).describe('Height and width of the kernel, in pixels.'),
    strides: whole(1).default(1).describe('Step of the kernel in both directions, in pixels.'),
    padding: convolutionPadding,
    activation,
    init,
  }),
  resolve: (config, defaults) => ({
    ...config,
    activation: config.activation ?? defaults.activation,
    init: config.init ?? defaults.init,
  }),
  infer({ filters, kernelSize, strides, padding, init }, input) {
    const [height, width, channels] = requireImage(input);
    const output = [
      ...windowedSize(height, width, { size: kernelSize, strides, padding }),
      filters,
    ];
    const taps = kernelSize * kernelSize;
    return {
      output,
      parameters: [
        {
          name: 'kernel',
          shape: [kernelSize, kernelSize, channels, filters],
          trainable: true,
          init: drawn(init, { fanIn: taps * channels, fanOut: taps * filters }),
        },
        { name: 'bias', shape: [filters], trainable: true, init: 'zeros' },
      ],
      flops: 2 * taps * channels * sizeOf(output),
    };
  },
});
