import { suggest } from '../../config/suggest.js';
import { LockstepError } from '../../protocol/index.js';

/** @throws LockstepError `usage` with what was most likely meant */
export function requireKnown(flag: string, word: string, known: readonly string[]): void {
  if (known.includes(word)) return;
  const meant = suggest(word, known);
  throw new LockstepError('usage', `${flag}: expected one of ${known.join(', ')}, got ${word}`, {
    hint: meant === undefined ? undefined : `Did you mean ${meant}?`,
  });
}
