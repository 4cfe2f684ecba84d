import { LockstepError } from '../protocol/index.js';
import { philox4x32 } from '../random/philox.js';

export interface SampledBatch {
  /** Counted from 0. */
  readonly epoch: number;
  /** `[batchSize]` int32 positions in the split; the caller owns the array. */
  readonly indices: Int32Array;
}

/** Draws minibatches without replacement; a batch depends on the seed and its step alone. */
export interface Sampler {
  /** Minibatches in an epoch; a remainder smaller than a batch is dropped. */
  readonly stepsPerEpoch: number;
  /**
   * The minibatch of a step. Any order of calls gives the same batches; the permutation of the
   * epoch asked for last is kept.
   *
   * @param step counted from 1
   */
  batch(step: number): SampledBatch;
}

export interface SamplerOptions {
  /** int32 seed of the trial's data stream. */
  readonly seed: number;
  /** Examples in the split. */
  readonly size: number;
  readonly batchSize: number;
}

/**
 * Makes the sampler of a trial: each epoch is one {@link epochPermutation} of the whole split, cut
 * into batches from its start.
 *
 * @throws LockstepError `usage` when the split is smaller than a batch
 */
export function createSampler({ seed, size, batchSize }: SamplerOptions): Sampler {
  if (size < batchSize) {
    throw new LockstepError(
      'usage',
      `Expected data.batchSize to be at most ${size}, the size of the training split, got ${batchSize}.`,
      { hint: 'Lower data.batchSize or the size of the validation split.' },
    );
  }
  const stepsPerEpoch = Math.floor(size / batchSize);
  let cached: { readonly epoch: number; readonly permutation: Int32Array } | undefined;

  return {
    stepsPerEpoch,
    batch(step) {
      if (!Number.isInteger(step) || step < 1) {
        throw new LockstepError('bug', `Expected a step counted from 1, got ${step}.`);
      }
      const epoch = Math.floor((step - 1) / stepsPerEpoch);
      if (cached?.epoch !== epoch) {
        cached = { epoch, permutation: epochPermutation(seed, epoch, size) };
      }
      const start = ((step - 1) % stepsPerEpoch) * batchSize;
      return { epoch, indices: cached.permutation.slice(start, start + batchSize) };
    },
  };
}

/**
 * The order in which an epoch visits a split. To redo it in any language:
 *
 * - The epoch's words are `philox4x32(counter = [b, 0, epoch, 0], key = [seed as uint32, 0])` for
 *   b = 0, 1, 2, …, the four words of a block in order.
 * - A draw below `bound` takes the next word w and gives `w mod bound`, but skips words that are not
 *   below the largest multiple of `bound` in 2^32, so that every value is exactly as likely.
 * - Fisher-Yates (Durstenfeld 1964, Knuth 3.4.2 P): from the identity, for i from size - 1 down to
 *   1, swap entry i with entry `draw below i + 1`.
 *
 * @param seed int32
 * @param epoch counted from 0, below 2^32
 * @returns `[size]` int32
 */
export function epochPermutation(seed: number, epoch: number, size: number): Int32Array {
  const draw = boundedDraws(seed, epoch);
  const permutation = Int32Array.from({ length: size }, (_, position) => position);
  for (let i = size - 1; i > 0; i--) {
    const j = draw(i + 1);
    const kept = permutation[i]!;
    permutation[i] = permutation[j]!;
    permutation[j] = kept;
  }
  return permutation;
}

function boundedDraws(seed: number, epoch: number): (bound: number) => number {
  const key = [seed >>> 0, 0] as const;
  let block = 0;
  let words: readonly number[] = [];
  let used = 4;
  const nextWord = () => {
    if (used === 4) {
      words = philox4x32([block++, 0, epoch, 0], key);
      used = 0;
    }
    return words[used++]!;
  };
  return (bound) => {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let word = nextWord();
    while (word >= limit) word = nextWord();
    return word % bound;
  };
}
