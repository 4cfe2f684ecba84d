import { LockstepError } from '../src/protocol/index.js';
import type { LabeledImages, OpenTask, SplitName } from '../src/protocol/index.js';
import { createInputScaler } from '../src/data/input-scaler.js';
import type { InputScaler } from '../src/data/input-scaler.js';

/** Examples as a network gets them; the arrays are reused by the next ones that are as many. */
export interface ScaledExamples {
  /** `[n, height * width * channels]` float32. */
  readonly inputs: Float32Array;
  /** `[n]` int32 class indices. */
  readonly labels: Int32Array;
}

/** @param indices `[n]` int32 positions in the split */
export type TakeExamples = (split: SplitName, indices: Int32Array) => ScaledExamples;

/**
 * Makes what takes examples from the splits and scales them for a variant, into memory of this thread:
 * engines cannot read shared memory.
 *
 * @throws LockstepError `bug` when the variant's scaler is missing; when taking, for a stray position
 */
export function createExamples({
  variant,
  imageShape,
  splits,
  standardScaler,
}: OpenTask): TakeExamples {
  const pixels = imageShape.reduce((product, length) => product * length, 1);
  const scaler = createScaler();
  let staging = { inputs: new Float32Array(), labels: new Int32Array() };

  function createScaler(): InputScaler {
    if (variant.input === 'raw') return createInputScaler(pixels);
    if (standardScaler !== undefined) return createInputScaler(pixels, standardScaler);
    throw new LockstepError('bug', `Expected a scaler for the variant ${variant.name}, got none.`);
  }
  return (split, indices) => {
    const source = splits[split];
    checkIndices(indices, source);
    if (staging.labels.length !== indices.length) {
      staging = {
        inputs: new Float32Array(indices.length * pixels),
        labels: new Int32Array(indices.length),
      };
    }
    const { inputs, labels } = staging;
    scaler.scale(inputs, source.images, indices);
    for (let i = 0; i < indices.length; i++) labels[i] = source.labels[indices[i]!]!;
    return staging;
  };
}

// Out of range, a typed array reads as 0: the batch would be wrong and nobody would know.
function checkIndices(indices: Int32Array, { count }: LabeledImages): void {
  const stray = indices.find((index) => index < 0 || index >= count);
  if (stray !== undefined) {
    throw new LockstepError('bug', `Expected positions in [0, ${count}), got ${stray}.`);
  }
}
