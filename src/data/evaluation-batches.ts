import { LockstepError } from '../protocol/index.js';
import type { Examples } from '../protocol/index.js';

/**
 * The positions of a split's first `examples` examples, in chunks of `chunk` and a shorter last one,
 * to be evaluated one after another.
 *
 * @throws LockstepError `usage` when the split has fewer examples, or none
 */
export function evaluationBatches(
  split: Examples,
  examples: number | 'all',
  chunk: number,
): Int32Array[] {
  const total = examples === 'all' ? split.count : examples;
  if (total < 1 || total > split.count) {
    throw new LockstepError(
      'usage',
      `Expected evaluation.splits to use 1 to ${split.count} examples, as many as the split has, got ${examples}.`,
      { hint: 'Lower examples, or give the validation split examples with data.validationSize.' },
    );
  }
  return Array.from({ length: Math.ceil(total / chunk) }, (_, index) => {
    const start = index * chunk;
    return Int32Array.from({ length: Math.min(chunk, total - start) }, (_, i) => start + i);
  });
}
