import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Sums } from '../../../src/protocol/index.js';

/** What a forward pass gave for some examples. */
export interface Outputs {
  /** `[examples, classes]` float32. */
  readonly logits: Tensor2D;
  /** `[examples]` int32 class indices. */
  readonly labels: Tensor1D;
}

/** What a metric of `src/metrics` sums over the examples; its tensors are disposed of by the caller. */
export type MetricSums = (outputs: Outputs) => Sums;
