import { LockstepError } from '../src/protocol/index.js';
import type { Examples, OpenTask, SplitName } from '../src/protocol/index.js';
import { takeTargets, widthOf } from '../src/data/column.js';
import { createInputScaler } from '../src/data/input-scaler.js';
import type { ScaleInputs } from '../src/data/input-scaler.js';

/** Examples as a network gets them; the arrays are reused for the next examples if there are as many. */
export interface ScaledExamples {
  /** `[n, ...shape of the inputs]` float32. */
  readonly inputs: Float32Array;
  /** `[n]` int32 class indices. */
  readonly targets: Int32Array;
}

/** @param indices `[n]` int32 positions in the split */
export type TakeExamples = (split: SplitName, indices: Int32Array) => ScaledExamples;

/**
 * Makes a function that takes examples from the splits and scales them for a variant, into this thread's
 * memory: engines cannot read shared memory.
 *
 * @throws LockstepError `bug` when taking, for a stray position
 */
export function createExamples({ splits, scaling }: OpenTask): TakeExamples {
  const width = widthOf(splits.train.inputs);
  const scalers = new Map<SplitName, ScaleInputs>();
  let staging = { inputs: new Float32Array(), targets: new Int32Array() };

  function scalerOf(split: SplitName): ScaleInputs {
    const scaler = scalers.get(split) ?? createInputScaler(splits[split].inputs, scaling);
    scalers.set(split, scaler);
    return scaler;
  }
  return (split, indices) => {
    const source = splits[split];
    checkIndices(indices, source);
    if (staging.targets.length !== indices.length) {
      staging = {
        inputs: new Float32Array(indices.length * width),
        targets: new Int32Array(indices.length),
      };
    }
    const { inputs, targets } = staging;
    scalerOf(split)(inputs, indices);
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
