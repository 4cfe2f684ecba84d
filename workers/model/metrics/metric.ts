import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Sums } from '../../../src/protocol/index.js';

/** The results of a forward pass for some examples. */
export interface Outputs {
  /** `[examples, classes]` float32. */
  readonly logits: Tensor2D;
  /** `[examples]` int32 class indices. */
  readonly labels: Tensor1D;
}

/** The sums over the examples that a metric of `src/metrics` needs; the caller disposes of their tensors. */
export type MetricSums = (outputs: Outputs) => Sums;
