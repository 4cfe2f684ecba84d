import { z } from 'zod';
import { LockstepError } from '../protocol/index.js';
import type { Shape } from '../protocol/index.js';
import { orList } from '../schema/fields.js';
import type { AugmentationKind } from './augmentations/kind.js';
import * as kinds from './augmentations/kinds.js';

type Kind = (typeof kinds)[keyof typeof kinds];

/** One augmentation with all its settings. */
export type AugmentationSpec = z.output<Kind['schema']>;
export type AugmentationOf<Name extends AugmentationSpec['kind']> = Extract<
  AugmentationSpec,
  { readonly kind: Name }
>;

type Schemas = [Kind['schema'], ...Kind['schema'][]];
const names = Object.keys(kinds);

const augmentationSchema = z.discriminatedUnion(
  'kind',
  Object.values(kinds).map(({ schema }) => schema) as Schemas,
  { error: (issue) => (issue.note === undefined ? 'a map with a `kind`' : orList(names)) },
);

/** What is done to training examples, in order; none at all may be said, too. */
export const augmentationsSchema = z.array(augmentationSchema, { error: 'a list' });

/**
 * Checks that augmentations fit the inputs they change.
 * @param input shape of one example
 * @throws LockstepError `usage`, naming the first that does not, by its path in the configuration
 */
export function checkAugmentations(specs: readonly AugmentationSpec[], input: Shape): void {
  for (const [index, spec] of specs.entries()) {
    try {
      (kinds[spec.kind] as AugmentationKind<z.ZodObject>).check(spec, input);
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      throw new LockstepError(
        error.code,
        `training.augmentation.${index} (${spec.kind}): ${error.message}`,
        {
          hint: error.hint,
          path: ['training', 'augmentation', index, ...(error.path ?? [])],
          cause: error,
        },
      );
    }
  }
}
