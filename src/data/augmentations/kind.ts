import type { z } from 'zod';
import type { Shape } from '../../protocol/index.js';

/**
 * A kind of augmentation: its settings, and which inputs it fits. The file of the same name in
 * `workers/augmentations` computes it.
 */
export interface AugmentationKind<Schema extends z.ZodObject> {
  /** Validates its settings in a configuration, `kind` among them. */
  readonly schema: Schema;
  /**
   * @param input shape of one example
   * @throws LockstepError `usage` when it does not fit, without naming it
   */
  check(spec: z.output<Schema>, input: Shape): void;
}

/** Checks a kind's definition and keeps its types. */
export function augmentationKind<Schema extends z.ZodObject>(
  definition: AugmentationKind<Schema>,
): AugmentationKind<Schema> {
  return definition;
}
