import { LockstepError } from '../src/protocol/index.js';
import type { Examples, OpenTask, SplitName } from '../src/protocol/index.js';
import { takeTargets, targetArray, widthOf } from '../src/data/column.js';
import type { Targets } from '../src/data/column.js';
import { createInputScaler } from '../src/data/input-scaler.js';
import type { ScaleInputs } from '../src/data/input-scaler.js';
import { augmenterOf } from './augmentations/augment.js';

/** Examples as a network gets them; the arrays are reused for the next examples if there are as many. */
export interface ScaledExamples {
  /** `[n, ...shape of the inputs]` float32. */
  readonly inputs: Float32Array;
  /** `[n]` int32 classes, or `[n, outputs]` float32, as the objective needs them. */
  readonly targets: Targets;
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
  const { splits, scaling, network } = task;
  const kind = network.objective.targets;
  const width = widthOf(splits.train.inputs);
  const scalers = new Map<SplitName, ScaleInputs>();
  let staging: ScaledExamples | undefined;
  let count = 0;

  function scalerOf(split: SplitName): ScaleInputs {
    const scaler = scalers.get(split) ?? createInputScaler(splits[split].inputs, scaling);
    scalers.set(split, scaler);
    return scaler;
  }
  const augment = augmenterOf(task, (column) => createInputScaler(column, scaling));
  return (split, indices, step) => {
    const source = splits[split];
    checkIndices(indices, source);
    if (staging === undefined || count !== indices.length) {
      count = indices.length;
      staging = {
        inputs: new Float32Array(count * width),
        targets: targetArray(source.targets, kind, count),
      };
    }
    const { inputs, targets } = staging;
    if (step === undefined || augment === undefined) scalerOf(split)(inputs, indices);
    else augment(inputs, indices, step);
    takeTargets(source.targets, targets, indices);
    return staging;
  };
}

/** Parts of equal size, in order, which share the memory of the whole. */
export function splitExamples(whole: ScaledExamples, parts: number): readonly ScaledExamples[] {
  if (parts === 1) return [whole];
  const { inputs, targets } = whole;
  const part = <Values extends Float32Array | Int32Array>(values: Values, at: number) => {
    const length = values.length / parts;
    return values.subarray(at * length, (at + 1) * length) as Values;
  };
  return Array.from({ length: parts }, (_, at) => {
    return { inputs: part(inputs, at), targets: part(targets, at) };
  });
}

// Out of range, a typed array reads as 0: the batch would be wrong and nobody would know.
function checkIndices(indices: Int32Array, { count }: Examples): void {
  const stray = indices.find((index) => index < 0 || index >= count);
  if (stray !== undefined) {
    throw new LockstepError('bug', `Expected positions in [0, ${count}), got ${stray}.`);
  }
}
