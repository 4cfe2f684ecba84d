import { inferShapes } from '../model/network.js';
import type { ImageShape, VariantSpec } from '../protocol/index.js';

/** Shapes of a variant's tensors by the names they have in checkpoints, optimizer slots included. */
export function parameterShapes(
  { layers, optimizer }: VariantSpec,
  imageShape: ImageShape,
): Readonly<Record<string, readonly number[]>> {
  const trainable = inferShapes(layers, imageShape).flatMap(({ kernelShape }, layer) =>
    kernelShape === undefined
      ? []
      : [
          [`layers.${layer}.kernel`, kernelShape] as const,
          [`layers.${layer}.bias`, [kernelShape.at(-1)!]] as const,
        ],
  );
  const slots = trainable.map(([name, shape]) => [`optimizer.momentum.${name}`, shape] as const);
  return Object.fromEntries(optimizer.momentum === 0 ? trainable : [...trainable, ...slots]);
}

/** How many numbers a variant learns. */
export function parameterCount(variant: VariantSpec, imageShape: ImageShape): number {
  return Object.entries(parameterShapes(variant, imageShape))
    .filter(([name]) => name.startsWith('layers.'))
    .reduce((sum, [, shape]) => sum + shape.reduce((product, size) => product * size, 1), 0);
}
