import type { Sums, TargetKind } from '../protocol/index.js';

/** Which values of a metric are better. */
export const directions = ['higher', 'lower'] as const;

/** All outputs of a network for some examples, and what they should be. */
export interface AllOutputs {
  readonly kind: TargetKind;
  /** `[examples, units]` float32. */
  readonly outputs: Float32Array;
  /** `[examples]` int32 classes, or `[examples, units]` float32. */
  readonly targets: Int32Array | Float32Array;
}

/** What is known of the outputs for some examples. */
export interface Measured {
  /** At least 1. */
  readonly examples: number;
  readonly sums: Sums;
  /** Where a metric {@link MetricKind.needsOutputs needs} them. */
  readonly outputs?: AllOutputs | undefined;
}

/**
 * A quantity that every variant is scored by. Workers add up sums over examples; those of chunks add up to
 * those of their union, so a score is exact over a whole split, never a mean of means.
 */
export interface MetricKind {
  /** Its key in `scores`, and the last part of `test.accuracy`. */
  readonly name: string;
  /** The kinds of targets it is defined for. */
  readonly targets: readonly TargetKind[];
  /** Measured where a configuration names no metrics. */
  readonly isDefault?: true;
  readonly better: (typeof directions)[number];
  /** `fraction`: in [0, 1]; differences are shown in points (hundredths). */
  readonly unit: 'fraction' | 'plain';
  /** Scale of the axis it is drawn on. */
  readonly scale: 'linear' | 'log';
  /**
   * Whether minibatches are scored by it, too. Only a mean over examples is: its value on a few estimates
   * that on all. The others would mislead there, and cost time at every step.
   */
  readonly onMinibatch: boolean;
  /**
   * The sums of which the score is a share: `of` counts some `among` the examples, or among another sum. Two
   * scores are then compared as counts, so that equal is equal whatever binary fractions make of it.
   */
  readonly count?: { readonly of: string; readonly among?: string };
  /** With fewer classes it says nothing; absent: 1. */
  readonly fewestClasses?: number;
  /**
   * Whether no sums make it, as it compares examples with each other: then the outputs for all examples are
   * collected, which takes four bytes of memory for each.
   */
  readonly needsOutputs?: true;
  /** The sum whose mean over the examples it is; absent where more than one makes it. */
  readonly meanOf?: string;
  readonly value: (measured: Measured) => number;
  /** The values that it averages, by class; NaN for a class that has none. */
  readonly perClass?: (measured: Measured) => readonly number[];
}
