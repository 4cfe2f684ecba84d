import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../src/protocol/index.js';

/** What a pass gives: the mean loss over the examples, and the outputs for each. */
export interface Measured {
  readonly loss: Scalar;
  /** `[examples, outputs]` float32; absent where nothing but the loss is measured. */
  readonly outputs?: Tensor2D | undefined;
}

/** A minibatch, or a part of it, on the engine. */
export interface Batch {
  /** `[examples, ...shape of an example]` float32 */
  readonly inputs: Tensor;
  /** `[examples]` int32 classes, or `[examples, outputs]` float32 */
  readonly targets: Tensor;
}

/** What differs from update to update. */
export interface UpdateTask {
  /** Counted from 1, over all steps. */
  readonly update: number;
  /** Of this step, where a schedule changes it; undefined: the optimizer's own. */
  readonly learningRate: number | undefined;
  /** `[2]` int32: the seed of the update's first random stream. */
  readonly seed: Tensor1D;
}

/** A variant's network with all that it keeps from step to step. */
export interface Model {
  /** Trainable numbers. */
  readonly parameters: number;
  /** One update. Called in a tidy scope. @returns what the forward pass before the update gave */
  train(batch: Batch, task: UpdateTask): Measured;
  /** The forward pass of inference. Called in a tidy scope. */
  measure(batch: Batch): Measured;
  /** All that it keeps, by name, as copies. */
  save(): TensorMap | Promise<TensorMap>;
  /** @throws LockstepError `data` when tensors lack or do not fit */
  restore(tensors: TensorMap): void | Promise<void>;
  dispose(): void;
}
