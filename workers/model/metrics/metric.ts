import type { Sums } from '../../../src/protocol/index.js';

/** The results of a forward pass for some examples. */
export interface Outputs {
  /** `[examples, width]`, row by row. */
  readonly outputs: Float32Array;
  /** How many outputs an example has. */
  readonly width: number;
  /** `[examples]` classes, or `[examples, width]` numbers, as the objective needs them. */
  readonly targets: Int32Array | Float32Array;
}

/** The sums over the examples that a metric of `src/metrics` needs. */
export type MetricSums = (outputs: Outputs) => Sums;
