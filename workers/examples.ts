import { LockstepError } from '../src/protocol/index.js';
import type { Examples, OpenTask, SplitName } from '../src/protocol/index.js';
import { takeTargets, widthOf } from '../src/data/column.js';
import { createInputScaler } from '../src/data/input-scaler.js';
import type { ScaleInputs } from '../src/data/input-scaler.js';
import { augmenterOf } from './augmentations/augment.js';

/** Examples as a network gets them; the arrays are reused for the next examples if there are as many. */
export interface ScaledExamples {
  /** `[n, ...shape of the inputs]` float32. */
  readonly inputs: Float32Array;
  /** `[n]` int32 class indices. */
  readonly targets: Int32Array;
}

/**
 * @param indices `[n]` int32 positions in the split
 * @param step of training, whose inputs are augmented; absent: an evaluation
 */
export type TakeExamples = (split: SplitName, indices: Int32Array, step?: number) => ScaledExamples;

/**
 * Makes a function that takes examples from the splits and scales them for a variant, into this thread's
 * memory: engines cannot read shared memory.
 *
 * @throws LockstepError `bug` when a seed to augment with is missing; when taking, for a stray position
 */
export function createExamples(task: OpenTask): TakeExamples {
  const { splits, scaling } = task;
  const width = widthOf(splits.train.inputs);
  const scalers = new Map<SplitName, ScaleInputs>();
  let staging = { inputs: new Float32Array(), targets: new Int32Array() };

  function scalerOf(split: SplitName): ScaleInputs {
    const scaler = scalers.get(split) ?? createInputScaler(splits[split].inputs, scaling);
    scalers.set(split, scaler);
    return scaler;
  }
  const augment = augmenterOf(task, (column) => createInputScaler(column, scaling));
  return (split, indices, step) => {
    const source = splits[split];
    checkIndices(indices, source);
    if (staging.targets.length !== indices.length) {
      staging = {
        inputs: new Float32Array(indices.length * width),
        targets: new Int32Array(indices.length),
      };
    }
    const { inputs, targets } = staging;
    if (step === undefined || augment === undefined) scalerOf(split)(inputs, indices);
    else augment(inputs, indices, step);
    takeTargets(source.targets, targets, indices);
    return staging;
  };
}

// Out of range, a typed array reads as 0: the batch would be wrong and nobody would know.
function checkIndices(indices: Int32Array, { count }: Examples): void {
  const stray = indices.find((index) => index < 0 || index >= count);
  if (stray !== undefined) {
    throw new LockstepError('bug', `Expected positions in [0, ${count}), got ${stray}.`);
  }
}
