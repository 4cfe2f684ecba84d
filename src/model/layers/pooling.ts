import { z } from 'zod';
import { map } from '../../schema/fields.js';
import { poolPadding, poolSize, poolStrides } from './fields.js';
import { layerKind } from './kind.js';
import { pairOf, requireImage, windowedSize } from './shapes.js';

/** A kind of pooling: square windows that step by their own size unless told otherwise. */
export function poolingKind<Kind extends string>(kind: Kind, description: string) {
  return layerKind({
    kind,
    schema: map({
      kind: z.literal(kind).describe(description),
      poolSize,
      strides: poolStrides,
      padding: poolPadding,
    }).transform(({ strides, ...pool }) => ({ ...pool, strides: strides ?? pool.poolSize })),
    resolve: (config) => config,
    infer({ poolSize, strides, padding }, input) {
      const [height, width, channels] = requireImage(input);
      const window = { size: pairOf(poolSize), strides: pairOf(strides), padding };
      const size = windowedSize(height, width, window);
      return { output: [...size, channels], parameters: [], flops: 0 };
    },
  });
}
