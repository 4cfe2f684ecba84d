import { LockstepError } from '../protocol/index.js';
import type { LabeledImages } from './dataset.js';

/**
 * A minibatch in one slot of a ring, the same memory for all variants; the arrays view the slot and
 * change when it is reused.
 */
export interface AssembledBatch {
  /** `[n, pixels]` uint8. */
  readonly images: Uint8Array<SharedArrayBuffer>;
  /** `[n]` int32 class indices. */
  readonly labels: Int32Array<SharedArrayBuffer>;
  /** `[n]` int32 positions in the split. */
  readonly indices: Int32Array<SharedArrayBuffer>;
}

/** A fixed number of minibatch buffers in shared memory, to be reused in turn. */
export interface BatchRing {
  readonly slots: number;
  /**
   * Copies the examples at `indices` into a slot. A slot is free again when no worker reads it any
   * more.
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
  /** Of one image. */
  readonly pixels: number;
}

/** Allocates the whole ring; assembling allocates no pixel buffers. */
export function createBatchRing({ slots, batchSize, pixels }: BatchRingOptions): BatchRing {
  const ring = Array.from({ length: slots }, () => allocateSlot(batchSize, pixels));
  return {
    slots,
    assemble(slot, indices, split) {
      checkIndices(indices, split, batchSize);
      const { images, labels, indices: positions } = ring[slot % slots]!;
      for (let i = 0; i < indices.length; i++) {
        const index = indices[i]!;
        const start = index * pixels;
        images.set(split.images.subarray(start, start + pixels), i * pixels);
        labels[i] = split.labels[index]!;
        positions[i] = index;
      }
      return {
        images: images.subarray(0, indices.length * pixels),
        labels: labels.subarray(0, indices.length),
        indices: positions.subarray(0, indices.length),
      };
    },
  };
}

function allocateSlot(batchSize: number, pixels: number): AssembledBatch {
  return {
    images: new Uint8Array(new SharedArrayBuffer(batchSize * pixels)),
    labels: new Int32Array(new SharedArrayBuffer(4 * batchSize)),
    indices: new Int32Array(new SharedArrayBuffer(4 * batchSize)),
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
