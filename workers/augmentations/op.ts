import type { AugmentationOf, AugmentationSpec } from '../../src/data/augmentations.js';
import type { Shape } from '../../src/protocol/index.js';
import type { Draws } from './draws.js';

/**
 * Changes one example.
 * @param values `[...shape]`, unscaled; may be changed
 * @param spare of the same size, its contents of no matter
 * @returns the one of the two arrays that now has the example
 */
export type Augment = (values: Float64Array, spare: Float64Array, draws: Draws) => Float64Array;

/**
 * Makes a kind of augmentation ready for inputs of one shape, which it fits; what the kind is stands in
 * `src/data/augmentations`, in a file of the same name.
 */
export type AugmentationOp<Kind extends AugmentationSpec['kind']> = (
  spec: AugmentationOf<Kind>,
  input: Shape,
) => Augment;
