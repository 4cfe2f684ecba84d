import type { Examples, LinearScaling } from '../../protocol/index.js';

/** A way to scale inputs, named by a variant's `input`. */
export interface ScalingKind {
  readonly name: string;
  /** What it gives, for the configuration's documentation. */
  readonly description: string;
  /**
   * Fits it to the inputs, bytes taken as `byte / 255` and other numbers as they are.
   *
   * @param train the training split and nothing else, at least one example
   * @returns undefined where inputs stay as they are
   */
  fit(train: Examples): LinearScaling | undefined;
}
