import { z } from 'zod';
import { map } from '../../schema/fields.js';
import { poolPadding, poolSize, poolStrides } from './fields.js';
import { layerKind } from './kind.js';
import { requireImage, windowedSize } from './shapes.js';

export const avgPool = layerKind({
  kind: 'avgPool',
  schema: map({
    kind: z.literal('avgPool').describe('Mean over square windows.'),
    poolSize,
    strides: poolStrides,
    padding: poolPadding,
  }).transform(({ strides, ...pool }) => ({ ...pool, strides: strides ?? pool.poolSize })),
  resolve: (config) => config,
  infer({ poolSize, strides, padding }, input) {
    const [height, width, channels] = requireImage(input);
    const size = windowedSize(height, width, { size: poolSize, strides, padding });
    return { output: [...size, channels], parameters: [], flops: 0 };
  },
});
