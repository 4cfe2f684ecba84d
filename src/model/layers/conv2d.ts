import { z } from 'zod';
import { map, whole } from '../../schema/fields.js';
import { drawn } from '../initializers.js';
import { activation, bias, convolutionPadding, init, pair } from './fields.js';
import { activationFor, biasOf, layerKind } from './kind.js';
import { misfit, pairOf, requireImage, sizeOf, windowedSize } from './shapes.js';

export const conv2d = layerKind({
  kind: 'conv2d',
  schema: map({
    kind: z.literal('conv2d').describe('2-D convolution.'),
    filters: whole(1).describe('Number of output channels.'),
    kernelSize: pair().describe('Size of the kernel in pixels: one number, or [height, width].'),
    strides: pair()
      .default(1)
      .describe('Step of the kernel in pixels: one number, or [height, width].'),
    padding: convolutionPadding,
    dilation: pair()
      .optional()
      .describe(
        'Distance between neighbouring taps of the kernel in pixels: one number, or [height, width]. Default: 1.',
      ),
    groups: whole(1)
      .optional()
      .describe(
        'Groups of channels that are convolved on their own; as many as there are input channels make it depthwise. Default: 1.',
      ),
    activation,
    init,
    bias,
  }),
  weighs: true,
  resolve: (config, defaults, givesLogits) => ({
    ...config,
    kernelSize: pairOf(config.kernelSize),
    strides: pairOf(config.strides),
    dilation: pairOf(config.dilation ?? 1),
    groups: config.groups ?? 1,
    activation: activationFor(config, defaults, givesLogits),
    init: config.init ?? defaults.init,
    bias: config.bias ?? true,
  }),
  infer({ filters, kernelSize, strides, padding, dilation, groups, init, bias }, input) {
    const [height, width, channels] = requireImage(input);
    requireDivisor(groups, channels, 'input channels');
    requireDivisor(groups, filters, 'filters');
    const reach = (axis: 0 | 1) => (kernelSize[axis] - 1) * dilation[axis] + 1;
    const window = { size: [reach(0), reach(1)], strides, padding } as const;
    const output = [...windowedSize(height, width, window), filters];
    const taps = sizeOf(kernelSize);
    const inputs = channels / groups;
    return {
      output,
      parameters: [
        {
          name: 'kernel',
          shape: [...kernelSize, inputs, filters],
          trainable: true,
          init: drawn(init, { fanIn: taps * inputs, fanOut: taps * filters }),
        },
        ...biasOf(bias, filters),
      ],
      flops: 2 * taps * inputs * sizeOf(output),
    };
  },
});

function requireDivisor(groups: number, count: number, what: string): void {
  if (count % groups === 0) return;
  throw misfit(
    `${what} in multiples of its ${groups} groups`,
    [count],
    `Set groups to a number that divides the input channels and the filters.`,
    'groups',
  );
}
