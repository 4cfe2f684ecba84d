import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a word is most likely a mistyped form of, if there is one. Another word of the same
 * kind is no such form: `gelu` is not meant to be `relu`.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const mistakes = [...candidates]
    .map((candidate) => ({
      candidate,
      count: mistakesIn(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .filter(({ count }) => count !== undefined);
  return mistakes.sort((a, b) => a.count! - b.count!)[0]?.candidate;
}

/** The number of typing errors that turn one word into the other; undefined if too many to be likely. */
function mistakesIn(word: string, meant: string): number | undefined {
  const count = distance(word, meant);
  // Two letters in the wrong order are one error.
  if (count === 2 && sorted(word) === sorted(meant)) return 1;
  const length = Math.max(word.length, meant.length);
  // Short words with another first letter, or with one letter changed, are other words: gelu, silu, selu.
  const isOther = !word.startsWith(meant.slice(0, 1))
    ? length <= 6
    : word.length === meant.length && length <= 4;
  if (count > 0 && isOther) return undefined;
  return count <= Math.max(1, Math.floor(length / 4)) ? count : undefined;
}

function sorted(word: string): string {
  return Array.from(word).sort().join('');
}
