import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type ErrorCode,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { LockstepError } from '../protocol/index.js';
import {
  formatOrigin,
  isRemoval,
  type Origin,
  type Sourced,
  type SourcedEntry,
} from './sourced.js';

/** Enough for any configuration written by hand; a bound because aliases can multiply. */
const maxAliases = 100;

const quoteHint = 'Quote values that hold : # [ ] { } * & ! or %.';
const indentHint =
  'Indent with spaces, the keys of a map all by the same number, and put - before every item of a list.';
const bracketHint = 'Close every [, { and quote, and put a comma between the items.';

/** What to do about each kind of error that the parser reports. */
const hints: Partial<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'Write *name alone where the anchored value goes.',
  BAD_ALIAS: `Set the anchor, &name, above its first *name. ${quoteHint}`,
  BAD_DIRECTIVE: quoteHint,
  BAD_DQ_ESCAPE: 'In double quotes write \\\\ for a backslash, or use single quotes.',
  BAD_INDENT: indentHint,
  BAD_SCALAR_START: 'Quote values that start with @ ` or %.',
  BLOCK_AS_IMPLICIT_KEY:
    'Quote values that hold ": ", and put the keys of a map on lines of their own.',
  BLOCK_IN_FLOW: bracketHint,
  KEY_OVER_1024_CHARS: 'Put a space after the colon of a key, and close every quote.',
  MISSING_CHAR: `Put a space after the colon of a key. ${bracketHint}`,
  MULTILINE_IMPLICIT_KEY: 'Put a colon and a space after every key, and close every quote.',
  MULTIPLE_ANCHORS: 'Keep one anchor.',
  MULTIPLE_DOCS: 'Keep one configuration in a file: remove the line ---.',
  MULTIPLE_TAGS: 'Configurations need no tags; quote values that start with !.',
  TAB_AS_INDENT: 'Replace tabs by spaces.',
  TAG_RESOLVE_FAILED: 'Configurations need no tags; quote values that start with !.',
  UNEXPECTED_TOKEN: `${quoteHint} Begin a line with every - of a list.`,
};

/** The parser's own text about a second document advises programmers. */
function textOf({ code, message }: YAMLError): string {
  return code === 'MULTIPLE_DOCS' ? 'expected one document, got a second one' : message;
}

function hintFor({ code, message }: YAMLError): string {
  return (message.includes('end with a') ? bracketHint : hints[code]) ?? quoteHint;
}

/**
 * Parses YAML 1.2, with merge keys (`<<: *anchor`), and keeps where every key and value stands. Keys
 * that start with `x-` are left out: they are for values that only anchors refer to.
 * @param source the file's name, or the flag the text came with
 * @param lines whether `source` is a file, whose lines and columns mean something to the reader
 * @throws LockstepError `usage`: every syntax error with its line and column
 */
export function parseYaml(text: string, source: string, lines = true): Sourced {
  const lineCounter = new LineCounter();
  const originAt = (offset: number): Origin => {
    if (!lines) return { source };
    const { line, col } = lineCounter.linePos(offset);
    return { source, line, column: col };
  };
  // Repeated keys are reported below, with both places.
  const options = { lineCounter, prettyErrors: false, uniqueKeys: false };
  const document = parseDocument(text, options);
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    const texts = problems.map((problem) => {
      return `${formatOrigin(originAt(problem.pos[0]))}: not valid YAML: ${textOf(problem)}`;
    });
    throw new LockstepError('usage', texts.join('\n'), {
      // Later errors are often consequences of the first.
      hint: hintFor(problems[0]!),
      cause: problems[0],
    });
  }
  return new TreeBuilder(document, originAt).build(document.contents, { source });
}

class TreeBuilder {
  #aliases = 0;

  constructor(
    readonly document: Document.Parsed,
    readonly originAt: (offset: number) => Origin,
  ) {}

  build(written: unknown, parent: Origin): Sourced {
    const node = this.#resolve(written, parent);
    const origin = this.#originOf(node, parent);
    if (isMap(node)) return { kind: 'map', origin, entries: this.#entries(node, origin) };
    if (isSeq(node)) {
      return { kind: 'list', origin, items: node.items.map((item) => this.build(item, origin)) };
    }
    if (!isScalar(node)) return { kind: 'scalar', origin, value: null, isEmpty: true };
    const isEmpty = node.value === null && node.source === '';
    return { kind: 'scalar', origin, value: node.value, ...(isEmpty && { isEmpty }) };
  }

  #entries(map: YAMLMap, parent: Origin): Map<string, SourcedEntry> {
    const merged: [string, SourcedEntry][] = [];
    const own = new Map<string, SourcedEntry>();
    const origins = new Map<string, Origin>();
    for (const { key, value } of map.items) {
      const keyOrigin = this.#originOf(key, parent);
      const name = keyText(key, keyOrigin);
      const first = origins.get(name);
      if (first !== undefined) throw repeatedKey(name, first, keyOrigin);
      origins.set(name, keyOrigin);
      if (name === '<<' && isScalar(key) && key.type === 'PLAIN') {
        merged.push(...this.#mergedEntries(value, keyOrigin));
      } else if (!name.startsWith('x-')) {
        own.set(name, { keyOrigin, value: this.build(value, keyOrigin) });
      }
    }
    const entries = new Map(merged);
    for (const [name, { keyOrigin, value }] of own) {
      const hasRemoved = isRemoval(value) && entries.has(name);
      entries.set(name, { keyOrigin, value: hasRemoved ? { ...value, hasRemoved } : value });
    }
    return entries;
  }

  /** Those of earlier maps win, so they come last. */
  #mergedEntries(written: unknown, parent: Origin): [string, SourcedEntry][] {
    const node = this.#resolve(written, parent);
    const items = isSeq(node) ? node.items : [node];
    return items.toReversed().flatMap((item) => {
      const origin = this.#originOf(item, parent);
      const map = this.#resolve(item, parent);
      if (isMap(map)) return [...this.#entries(map, this.#originOf(map, origin))];
      throw new LockstepError('usage', `${formatOrigin(origin)}: <<: expected a map to merge`, {
        hint: 'Name the anchor of a map, as in <<: *common, or a list of them.',
      });
    });
  }

  /** The target of an alias. */
  #resolve(node: unknown, parent: Origin): unknown {
    if (!isAlias(node)) return node;
    this.#aliases += 1;
    const origin = formatOrigin(this.#originOf(node, parent));
    if (this.#aliases <= maxAliases) {
      const anchored = node.resolve(this.document);
      if (anchored !== undefined) return anchored;
      throw new LockstepError(
        'usage',
        `${origin}: expected an anchor &${node.source} above, got none`,
        { hint: hints.BAD_ALIAS },
      );
    }
    const limit = `expected at most ${maxAliases} uses of YAML aliases, got more`;
    throw new LockstepError('usage', `${origin}: ${limit}`, {
      hint: 'Write the values out; an alias must not contain itself.',
    });
  }

  #originOf(node: unknown, parent: Origin): Origin {
    const range = (node as { range?: readonly number[] | null } | null)?.range;
    const start = range?.[0];
    return start === undefined ? parent : this.originAt(start);
  }
}

function keyText(key: unknown, origin: Origin): string {
  const value = isScalar(key) ? key.value : key;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new LockstepError('usage', `${formatOrigin(origin)}: expected a plain word as key`, {
    hint: 'Write `key: value`; to use braces or brackets in a key, quote it.',
  });
}

function repeatedKey(name: string, first: Origin, second: Origin): LockstepError {
  const where = first.line === undefined ? '' : ` (first in line ${first.line})`;
  return new LockstepError(
    'usage',
    `${formatOrigin(second)}: expected every key once, got ${name} twice${where}`,
    {
      hint:
        name === '<<'
          ? 'Merge several maps with one key: <<: [*first, *second].'
          : 'Remove one of the two, or merge what is below them.',
    },
  );
}
