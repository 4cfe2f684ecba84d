import type { Shape } from '../../src/protocol/index.js';
import type { Draws } from '../../workers/augmentations/draws.js';
import type { Augment } from '../../workers/augmentations/op.js';

/** An example as an augmentation leaves it. */
export function augmented(augment: Augment, values: readonly number[], draws: Draws): number[] {
  return [...augment(Float64Array.from(values), new Float64Array(values.length), draws)];
}

/** 1, 2, 3, … in a shape, row-major. */
export function counted(shape: Shape): number[] {
  const size = shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: size }, (_, k) => k + 1);
}
