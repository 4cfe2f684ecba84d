import type { Examples } from '../../protocol/index.js';

/** A way to choose which training examples form the validation split. */
export interface SplitKind {
  readonly name: string;
  /** What it chooses, for the configuration's documentation. */
  readonly description: string;
  /** What to do where the choice leaves classes out. */
  readonly advice?: string;
  /**
   * @param size in [0, number of examples]
   * @param seed int32
   * @returns `[size]` distinct positions, ascending
   * @throws LockstepError `usage` when it cannot choose among such examples
   */
  choose(examples: Examples, size: number, seed: number): Int32Array;
}
