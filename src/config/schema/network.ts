import { z } from 'zod';
import { activationNames } from '../../protocol/index.js';
import { fraction, list, map, oneOf, orList, whole } from '../../schema/fields.js';

const paddings = ['same', 'valid'] as const;
const padding = oneOf(paddings)
  .default('same')
  .describe('`same` pads with zeros so that strides of 1 keep the size; `valid` does not pad.');
const activation = oneOf(activationNames)
  .optional()
  .describe(
    "Default: the variant's activation; the last layer, which gives the logits, is linear.",
  );

const conv2d = map({
  kind: z.literal('conv2d').describe('2-D convolution with a bias.'),
  filters: whole(1).describe('Number of output channels.'),
  kernelSize: whole(1).describe('Height and width of the kernel, in pixels.'),
  strides: whole(1).default(1).describe('Step of the kernel in both directions, in pixels.'),
  padding,
  activation,
});

const maxPool = map({
  kind: z.literal('maxPool').describe('Maximum over square windows.'),
  poolSize: whole(1).default(2).describe('Height and width of the window, in pixels.'),
  strides: whole(1).optional().describe('Step of the window, in pixels. Default: poolSize.'),
  padding,
}).transform(({ strides, ...pool }) => ({ ...pool, strides: strides ?? pool.poolSize }));

const flatten = map({
  kind: z.literal('flatten').describe('Turns an image into a vector, row by row.'),
});

const dense = map({
  kind: z.literal('dense').describe('Fully connected layer with a bias.'),
  units: whole(1).describe('Number of outputs.'),
  activation,
});

const dropout = map({
  kind: z.literal('dropout').describe("Drops units while training, in the variant's way."),
  rate: fraction()
    .optional()
    .describe("Probability of dropping a unit. Default: the variant's rate."),
});

const layerKinds = ['conv2d', 'maxPool', 'flatten', 'dense', 'dropout'];

const layer = z
  .discriminatedUnion('kind', [conv2d, maxPool, flatten, dense, dropout], {
    error: (issue) => (issue.note === undefined ? 'a map with a `kind`' : orList(layerKinds)),
  })
  .describe('One layer; `kind` says which.');

export const networkSchema = map({
  layers: list(layer).describe('From the image to the logits, one layer an item.'),
});
