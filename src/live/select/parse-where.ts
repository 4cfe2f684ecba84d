import { suggest } from '../../config/suggest.js';
import type { LogRecord } from '../../log/records.js';
import type { LockstepError } from '../../protocol/index.js';
import { parseExpression, placeOf, refused } from './expression.js';
import type { Node, Word } from './expression.js';
import { LogFields } from './log-fields.js';
import type { FieldType } from './log-fields.js';

type Condition = (record: LogRecord) => boolean;
/** Its value for a record; undefined where the record lacks a field. */
type Reader<Value> = (record: LogRecord) => Value | undefined;

/** One side of `=` or `!=`: how it reads as a number and as a text, as far as it does. */
interface Side {
  readonly number?: Reader<number>;
  readonly text?: Reader<string>;
}

const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};
const calculations: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};
const textHint = 'Text can be compared with = and != only.';

/**
 * A condition on a record: comparisons of fields, numbers and texts, joined by `and` and `or`, for instance
 * `variants.snn.scores.loss<0.2`, or `variants.snn.scores.loss < variants.relu.scores.loss and step>=100`.
 * Fields are compared as what the log's schema says they hold: numbers as numbers ("NaN" is less than and
 * equal to no number), text as text, even where a digest looks like a number. Where a record lacks a field,
 * no comparison with it holds.
 * @param variants names the run has
 * @throws LockstepError `usage` with the place in the text, and the most likely meaning
 */
export function parseWhere(text: string, variants: readonly string[]): Condition {
  const fields = new LogFields(variants);
  return condition(parseExpression(text));

  function condition(node: Node): Condition {
    if (node.type !== 'BinaryExpression') throw refusal('a comparison', node);
    const { operator, left, right } = node;
    if (operator === 'and' || operator === '&&') {
      const [first, second] = [condition(left), condition(right)];
      return (record) => first(record) && second(record);
    }
    if (operator === 'or' || operator === '||') {
      const [first, second] = [condition(left), condition(right)];
      return (record) => first(record) || second(record);
    }
    if (['=', '==', '!='].includes(operator)) {
      const isSame = equality(left, right);
      return (record) => isSame(record) === (operator !== '!=');
    }
    const holds = comparisons[operator];
    if (holds === undefined) throw refusal('a comparison', node);
    const compared = calculated(left, right, holds);
    return (record) => compared(record) === true;
  }

  /** Undefined where the record lacks a field. */
  function equality(left: Node, right: Node): Reader<boolean> {
    const [a, b] = [side(left, right), side(right, left)];
    if (!(a.number && b.number) && !(a.text && b.text)) throw unequal(left, right, a);
    return (record) => {
      const [x, y] = [a.number?.(record), b.number?.(record)];
      if (x !== undefined && y !== undefined) return x === y || (isNaN(x) && isNaN(y));
      const [s, t] = [a.text?.(record), b.text?.(record)];
      return s === undefined || t === undefined ? undefined : s === t;
    };
  }

  function side(node: Node, other: Node): Side {
    if (node.type === 'UnaryExpression' || node.type === 'BinaryExpression') {
      return { number: number(node) };
    }
    if (node.type === 'Literal' && typeof node.value === 'number') {
      const { value, text: written } = node;
      return { number: () => value, text: () => written };
    }
    const word = node.type === 'Word' ? node.word : node.text;
    const opposite = fieldOf(other);
    // A text that the field on the other side can hold is that text, though a field may be called so.
    if (opposite?.texts?.includes(word) === true) return textSide(word, opposite);
    const own = fieldOf(node);
    if (own) return fieldSide(word.split('.'), own);
    requireText(node, opposite, word);
    return { text: () => word };
  }

  function requireText(node: Node, opposite: FieldType | undefined, word: string): void {
    if (node.type === 'Word' && (!opposite || opposite.texts?.length === 0))
      throw unknownField(node);
    if (opposite?.texts === undefined) return;
    if (opposite.texts.length === 0) throw refusal('a number', node);
    const known = opposite.texts;
    throw refusal(
      `${opposite.numbers ? 'a number or ' : ''}one of ${known.join(', ')}`,
      node,
      didYouMean(suggest(word, known)),
    );
  }

  function unequal(left: Node, right: Node, { text: leftText }: Side): LockstepError {
    const place = leftText ? right : left;
    return refusal(
      'text, as on the other side',
      place,
      'Text in quotes is text, whatever it says.',
    );
  }

  /** As a number, for calculating and ordering. */
  function number(node: Node): Reader<number> {
    switch (node.type) {
      case 'Literal': {
        const { value } = node;
        if (typeof value === 'string') throw refusal('a number', node, textHint);
        return () => value;
      }
      case 'Word': {
        const type = fieldOf(node);
        if (type === undefined) throw unknownField(node);
        if (!type.numbers) throw refusal('a number', node, `${node.word} holds text. ${textHint}`);
        return fieldSide(node.word.split('.'), type).number!;
      }
      case 'UnaryExpression': {
        const read = number(node.argument);
        return (record) => {
          const value = read(record);
          return value === undefined ? undefined : -value;
        };
      }
      case 'BinaryExpression': {
        const calculate = calculations[node.operator];
        if (calculate === undefined) throw refusal('a field or a value', node);
        return calculated(node.left, node.right, calculate);
      }
    }
  }

  function calculated<Value>(
    left: Node,
    right: Node,
    calculate: (left: number, right: number) => Value,
  ): Reader<Value> {
    const [first, second] = [number(left), number(right)];
    return (record) => {
      const [a, b] = [first(record), second(record)];
      return a === undefined || b === undefined ? undefined : calculate(a, b);
    };
  }

  function fieldOf(node: Node): FieldType | undefined {
    return node.type === 'Word' ? fields.type(node.word) : undefined;
  }

  function unknownField(node: Word): LockstepError {
    const { word } = node;
    const near = fields.paths.find((path) => leadsTo(path, word)) ?? suggest(word, fields.paths);
    const spaced = word.includes('-') ? 'A minus needs spaces around it.' : undefined;
    return refusal(
      'a field of the log or a number',
      node,
      didYouMean(near) ?? spaced ?? allFields(),
    );
  }

  function allFields(): string {
    return `Fields are ${fields.paths.join(', ')}; docs/log-schema.md says what they mean.`;
  }

  function refusal(expected: string, node: Node, hint?: string): LockstepError {
    return refused(text, expected, placeOf(node), hint);
  }
}

function textSide(text: string, { numbers }: FieldType): Side {
  // Numbers that JSON lacks are spelled out, and compared as the numbers they are.
  return numbers ? { number: () => Number(text) } : { text: () => text };
}

function fieldSide(keys: readonly string[], { numbers, texts }: FieldType): Side {
  const number: Reader<number> = (record) => {
    const value = valueAt(record, keys);
    if (typeof value === 'number') return value;
    return texts !== undefined && typeof value === 'string' ? Number(value) : undefined;
  };
  const text: Reader<string> = (record) => {
    const value = valueAt(record, keys);
    return value === undefined ? undefined : String(value);
  };
  return { ...(numbers && { number }), ...((!numbers || texts === undefined) && { text }) };
}

/** A record's value at a path; undefined where there is none, or an object. */
function valueAt(
  record: LogRecord,
  keys: readonly string[],
): number | string | boolean | undefined {
  let value: unknown = record;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
    ? value
    : undefined;
}

/** Whether a path has all parts of a shorter one, in order and to the end: `variants.snn.loss`, or `loss`. */
function leadsTo(path: string, shorter: string): boolean {
  const parts = shorter.split('.');
  for (const part of path.split('.').reverse()) {
    if (part === parts.at(-1)) parts.pop();
    else if (parts.length === shorter.split('.').length) return false;
  }
  return parts.length === 0;
}

function didYouMean(word: string | undefined): string | undefined {
  return word === undefined ? undefined : `Did you mean ${word}?`;
}
