import type { AugmentationSpec } from '../../src/data/augmentations.js';
import { areLevels, widthOf } from '../../src/data/column.js';
import type { ScaleInputs } from '../../src/data/input-scaler.js';
import { LockstepError } from '../../src/protocol/index.js';
import type { Column, OpenTask, Shape } from '../../src/protocol/index.js';
import { CountedDraws } from './draws.js';
import * as kinds from './kinds.js';
import type { Augment, AugmentationOp } from './op.js';

export interface AugmentOptions {
  /** Where the examples are. */
  readonly column: Column;
  /** In the order in which they are applied. */
  readonly augmentation: readonly AugmentationSpec[];
  /** int32 seed of the stream. */
  readonly seed: number;
  /** Makes the scaler of a column: augmented values are scaled as the column's own are. */
  readonly scaler: (column: Column) => ScaleInputs;
}

/**
 * Writes the inputs of a minibatch as a network trains on them: augmented, then scaled.
 *
 * @param out `[n, width]` float32
 * @param indices `[n]` int32 positions in the column
 * @param step counted from 1: the same step gives the same inputs
 */
export type AugmentInputs = (out: Float32Array, indices: Int32Array, step: number) => void;

/**
 * What augments the minibatches that a session trains on; undefined where nothing is augmented.
 *
 * @throws LockstepError `bug` when there is no seed
 */
export function augmenterOf(
  { augmentation = [], seeds, splits }: Pick<OpenTask, 'augmentation' | 'seeds' | 'splits'>,
  scaler: AugmentOptions['scaler'],
): AugmentInputs | undefined {
  if (augmentation.length === 0) return undefined;
  if (seeds.augmentation === undefined) {
    throw new LockstepError('bug', 'Expected a seed to augment with, got none.');
  }
  return createAugmenter({
    column: splits.train.inputs,
    augmentation: augmentation as readonly AugmentationSpec[],
    seed: seeds.augmentation,
    scaler,
  });
}

/** Makes what augments the inputs of a column: in float64, bytes as numbers in [0, 1]. */
export function createAugmenter(options: AugmentOptions): AugmentInputs {
  const { column, augmentation, seed, scaler } = options;
  const width = widthOf(column);
  const operations = augmentation.map((spec) => operationOf(spec, column.shape));
  const draws = new CountedDraws(seed);
  // The scaler reads the first array, so the example has to be there in the end.
  const example = new Float64Array(new SharedArrayBuffer(8 * width));
  const spare = new Float64Array(width);
  const scale = scaler({ shape: column.shape, values: example });
  const only = Int32Array.of(0);
  return (out, indices, step) => {
    for (let position = 0; position < indices.length; position++) {
      readExample(column, indices[position]!, example);
      let [current, other]: [Float64Array, Float64Array] = [example, spare];
      for (let index = 0; index < operations.length; index++) {
        const changed = operations[index]!(current, other, draws.moveTo(step, position, index));
        if (changed !== current) [current, other] = [other, current];
      }
      if (current !== example) example.set(current);
      scale(out.subarray(position * width, (position + 1) * width), only);
    }
  };
}

function operationOf(spec: AugmentationSpec, input: Shape): Augment {
  return (kinds[spec.kind] as AugmentationOp<AugmentationSpec['kind']>)(spec, input);
}

function readExample({ values }: Column, index: number, out: Float64Array): void {
  const start = index * out.length;
  const example = values.subarray(start, start + out.length);
  out.set(example);
  if (!areLevels(values)) return;
  for (let k = 0; k < out.length; k++) out[k]! /= 255;
}
