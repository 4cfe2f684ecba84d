import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { LockstepError } from '../protocol/index.js';
import { formatPlace, type Place, type Sourced } from './sourced.js';

/** Enough for any configuration written by hand; a bound because aliases can multiply. */
const maxAliases = 100;

/**
 * Parses YAML 1.2 and keeps where every key and value stands.
 * @param source the file's name, or the flag the text came with
 * @param lines whether `source` is a file, whose lines and columns mean something to the reader
 * @throws LockstepError `usage`: every syntax error with its line and column
 */
export function parseYaml(text: string, source: string, lines = true): Sourced {
  const lineCounter = new LineCounter();
  const placeAt = (offset: number): Place => {
    if (!lines) return { source };
    const { line, col } = lineCounter.linePos(offset);
    return { source, line, column: col };
  };
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    const message = problems
      .map(
        (problem) => `${formatPlace(placeAt(problem.pos[0]))}: not valid YAML: ${problem.message}`,
      )
      .join('\n');
    throw new LockstepError('usage', message, {
      hint: 'Quote values that hold : # [ ] { } or *, and indent with spaces.',
      cause: problems[0],
    });
  }
  return new TreeBuilder(document, placeAt).build(document.contents, { source });
}

class TreeBuilder {
  #aliases = 0;

  constructor(
    readonly document: Document.Parsed,
    readonly placeAt: (offset: number) => Place,
  ) {}

  build(node: unknown, parent: Place): Sourced {
    const place = this.#placeOf(node, parent);
    if (isAlias(node)) {
      this.#aliases += 1;
      if (this.#aliases > maxAliases) {
        const limit = `expected at most ${maxAliases} uses of YAML aliases, got more`;
        throw new LockstepError('usage', `${formatPlace(place)}: ${limit}`, {
          hint: 'Write the values out; an alias must not contain itself.',
        });
      }
      return this.build(node.resolve(this.document), place);
    }
    if (isMap(node)) {
      const entries = node.items.map(({ key, value }) => {
        const keyPlace = this.#placeOf(key, place);
        return [keyText(key, keyPlace), { keyPlace, value: this.build(value, keyPlace) }] as const;
      });
      return { kind: 'map', place, entries: new Map(entries) };
    }
    if (isSeq(node)) {
      return { kind: 'list', place, items: node.items.map((item) => this.build(item, place)) };
    }
    return { kind: 'scalar', place, value: isScalar(node) ? node.value : null };
  }

  #placeOf(node: unknown, parent: Place): Place {
    const range = (node as { range?: readonly number[] | null } | null)?.range;
    const start = range?.[0];
    return start === undefined ? parent : this.placeAt(start);
  }
}

function keyText(key: unknown, place: Place): string {
  const value = isScalar(key) ? key.value : key;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new LockstepError('usage', `${formatPlace(place)}: expected a plain word as key`, {
    hint: 'Write `key: value`; to use braces or brackets in a key, quote it.',
  });
}
