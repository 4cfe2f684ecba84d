import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Sums } from '../../../src/protocol/index.js';

/** The results of a forward pass for some examples. */
export interface Outputs {
  /** `[examples, outputs]` float32. */
  readonly outputs: Tensor2D;
  /** `[examples]` int32 classes, or `[examples, outputs]` float32, as the objective needs them. */
  readonly targets: Tensor;
}

/** The sums over the examples that a metric of `src/metrics` needs; the caller disposes of their tensors. */
export type MetricSums = (outputs: Outputs) => Sums;
