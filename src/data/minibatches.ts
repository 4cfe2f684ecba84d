import type { InputScaling, StepTask } from '../protocol/index.js';
import { LockstepError } from '../protocol/index.js';
import type { LabeledImages } from './dataset.js';
import type { InputScaler } from './input-scaler.js';

/** A minibatch in one slot of a ring; the arrays view the slot and change when it is reused. */
export interface AssembledBatch {
  /** `[n]` int32 positions in the split. */
  readonly indices: Int32Array<SharedArrayBuffer>;
  /** `[n]` int32 class indices. */
  readonly labels: Int32Array<SharedArrayBuffer>;
  /**
   * What a worker gets whose variant has this scaling; variants with the same scaling get the same
   * arrays.
   */
  forScaling(scaling: InputScaling): StepTask['batch'];
}

/** A fixed number of minibatch buffers in shared memory, to be reused in turn. */
export interface BatchRing {
  readonly slots: number;
  /**
   * Writes the examples at `indices` into a slot: labels, indices, and the scaled inputs once for
   * each kind of scaling. A slot is free again when no worker reads it any more.
   *
   * @param slot any integer from 0; taken modulo `slots`, so a step number will do
   * @param indices `[n]` int32 positions in `split`, with n at most `batchSize`
   */
  assemble(slot: number, indices: Int32Array, split: LabeledImages): AssembledBatch;
}

export interface BatchRingOptions {
  readonly slots: number;
  /** Most examples a slot takes. */
  readonly batchSize: number;
  /** One for each kind of scaling the variants use. */
  readonly scalers: ReadonlyMap<InputScaling, InputScaler>;
}

/** Allocates the whole ring; assembling allocates no pixel buffers. */
export function createBatchRing({ slots, batchSize, scalers }: BatchRingOptions): BatchRing {
  const ring = Array.from({ length: slots }, () => allocateSlot(batchSize, scalers));
  return {
    slots,
    assemble(slot, indices, split) {
      checkIndices(indices, split, batchSize);
      return fillSlot(ring[slot % slots]!, indices, split);
    },
  };
}

/**
 * The positions of a split's first `examples` images, in chunks of `chunk` and a shorter last one,
 * to be assembled and evaluated one after another.
 *
 * @throws LockstepError `usage` when the split has fewer examples, or none
 */
export function evaluationBatches(
  split: LabeledImages,
  examples: number | 'all',
  chunk: number,
): Int32Array[] {
  const total = examples === 'all' ? split.count : examples;
  if (total < 1 || total > split.count) {
    throw new LockstepError(
      'usage',
      `Expected evaluation.splits to ask for 1 to ${split.count} examples, as many as the split has, got ${examples}.`,
      { hint: 'Lower examples, or give the validation split images with data.validationSize.' },
    );
  }
  return Array.from({ length: Math.ceil(total / chunk) }, (_, index) => {
    const start = index * chunk;
    return Int32Array.from({ length: Math.min(chunk, total - start) }, (_, i) => start + i);
  });
}

interface Slot {
  readonly indices: Int32Array<SharedArrayBuffer>;
  readonly labels: Int32Array<SharedArrayBuffer>;
  readonly inputs: readonly {
    readonly scaler: InputScaler;
    readonly values: Float32Array<SharedArrayBuffer>;
  }[];
}

function allocateSlot(batchSize: number, scalers: BatchRingOptions['scalers']): Slot {
  return {
    indices: new Int32Array(new SharedArrayBuffer(4 * batchSize)),
    labels: new Int32Array(new SharedArrayBuffer(4 * batchSize)),
    inputs: Array.from(scalers.values(), (scaler) => ({
      scaler,
      values: new Float32Array(new SharedArrayBuffer(4 * batchSize * scaler.pixels)),
    })),
  };
}

function fillSlot(slot: Slot, source: Int32Array, split: LabeledImages): AssembledBatch {
  const indices = slot.indices.subarray(0, source.length);
  const labels = slot.labels.subarray(0, source.length);
  indices.set(source);
  for (let i = 0; i < source.length; i++) labels[i] = split.labels[source[i]!]!;
  const batches = new Map<InputScaling, StepTask['batch']>();
  for (const { scaler, values } of slot.inputs) {
    const inputs = values.subarray(0, source.length * scaler.pixels);
    scaler.fill(inputs, split.images, source);
    batches.set(scaler.scaling, { inputs, labels, indices });
  }
  return {
    indices,
    labels,
    forScaling(scaling) {
      const batch = batches.get(scaling);
      if (batch === undefined) {
        throw new LockstepError('bug', `Expected a ring with ${scaling} inputs, got one without.`);
      }
      return batch;
    },
  };
}

// Out of range, a typed array reads as 0: the batch would be wrong and nobody would know.
function checkIndices(indices: Int32Array, split: LabeledImages, batchSize: number): void {
  if (indices.length > batchSize) {
    throw new LockstepError(
      'bug',
      `Expected at most ${batchSize} examples in a slot, got ${indices.length}.`,
    );
  }
  const stray = indices.find((index) => index < 0 || index >= split.count);
  if (stray !== undefined) {
    throw new LockstepError('bug', `Expected indices in [0, ${split.count}), got ${stray}.`);
  }
}
