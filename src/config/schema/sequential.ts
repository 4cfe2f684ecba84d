import { z } from 'zod';
import { flag, map, whole, type Resolved } from '../../schema/fields.js';
import { firstLook } from '../../statistics/sequential-plan.js';

const capRule = 'a whole number from 2 to 1000';

/** How `lockstep decide` adds seeds until there is a verdict; other commands pay no heed to it. */
export const sequentialSchema = map({
  cap: z
    .int({ error: capRule })
    .gte(2, { error: capRule })
    .lte(1000, { error: capRule })
    .optional()
    .describe(
      'The most pairs, one a seed. Default: 20; with `openEnded` 100, after which `resume --seeds` may go on.',
    ),
  every: whole(1).default(1).describe('Pairs from one look at the results to the next.'),
  openEnded: flag()
    .default(false)
    .describe(
      'Decide by an e-process, which may look after every pair and go on for ever, instead of a plan with a cap. It needs more pairs.',
    ),
}).describe(
  'When `lockstep decide` looks at the results: it adds seeds until a look decides, or the cap is reached. Other commands ignore it.',
);

type Sequential = Resolved<typeof sequentialSchema>;

export function capOf({ cap, openEnded }: Sequential): number {
  return cap ?? (openEnded ? 100 : 20);
}

interface Planned {
  readonly decision: { readonly alpha: number; readonly sequential?: Sequential | undefined };
  readonly variants: Readonly<Record<string, unknown>>;
}

/** Refuses a cap at which no look can decide, at what alpha leaves to each comparison. */
export function checkSequential(
  { decision: { alpha, sequential }, variants }: Planned,
  context: z.core.$RefinementCtx,
): void {
  if (sequential === undefined || sequential.openEnded) return;
  const comparisons = Math.max(1, Object.keys(variants).length - 1);
  const cap = capOf(sequential);
  if (firstLook(cap, alpha / comparisons) !== undefined) return;
  let enough = cap;
  while (firstLook(enough, alpha / comparisons) === undefined) enough++;
  const among = comparisons > 1 ? ` over ${comparisons} comparisons` : '';
  context.addIssue({
    code: 'custom',
    path: ['decision', 'sequential', 'cap'],
    message: `expected at least ${enough}, the fewest pairs that can decide at alpha ${alpha}${among}, got ${cap}`,
  });
}
