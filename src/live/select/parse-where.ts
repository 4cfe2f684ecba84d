import { suggest } from '../../config/suggest.js';
import { RecordFields } from './record-fields.js';
import type { LogRecord } from '../../log/records.js';
import type { LockstepError } from '../../protocol/index.js';
import { asNumber, calculations, comparisons, valueAt } from './evaluate.js';
import type { Value } from './evaluate.js';
import { parseExpression, placeOf, refused } from './expression.js';
import type { Node, Word } from './expression.js';

type Condition = (record: LogRecord) => boolean;
/** Its value for a record; undefined where the record lacks a field. */
type Operand = (record: LogRecord) => Value | undefined;

/**
 * A condition on a record: comparisons of fields, numbers and texts, joined by `and` and `or`, for instance
 * `variants.snn.loss<0.2`, or `variants.snn.loss < variants.relu.loss and step>=100`. Numbers are compared
 * as numbers ("NaN" is less than and equal to no number), all else as text; where a record lacks a field, no
 * comparison with it holds.
 * @param variants names the run has
 * @throws LockstepError `usage` with the place in the text, and what was most likely meant
 */
export function parseWhere(text: string, variants: readonly string[]): Condition {
  const fields = new RecordFields(variants);
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
    const holds = comparisons[operator];
    if (holds === undefined) throw refusal('a comparison', node);
    const side = /[<>]/.test(operator) ? ordered : equated;
    const [first, second] = [side(left, right), side(right, left)];
    return (record) => {
      const [a, b] = [first(record), second(record)];
      return a !== undefined && b !== undefined && holds(a, b);
    };
  }

  function operand(node: Node): Operand {
    switch (node.type) {
      case 'Literal': {
        const { value } = node;
        return () => value;
      }
      case 'Word': {
        const { word } = node;
        if (!fields.has(word)) return () => word;
        const keys = word.split('.');
        return (record) => valueAt(record, keys);
      }
      case 'UnaryExpression': {
        const negated = number(node.argument);
        return (record) => -negated(record);
      }
      case 'BinaryExpression': {
        const calculate = calculations[node.operator];
        if (calculate === undefined) throw refusal('a field or a value', node);
        const [left, right] = [number(node.left), number(node.right)];
        return (record) => calculate(left(record), right(record));
      }
    }
  }

  /** As {@link operand}, for calculating: NaN where the record lacks a field. */
  function number(node: Node): (record: LogRecord) => number {
    requireNumber(node);
    const value = operand(node);
    return (record) => asNumber(value(record) ?? NaN);
  }

  function requireNumber(node: Node): void {
    if (node.type === 'Word' && !fields.has(node.word)) throw unknownField(node);
    const isText = node.type === 'Literal' && typeof node.value === 'string';
    if (isText) throw refusal('a number', node, 'Text can be compared with = and != only.');
  }

  function ordered(node: Node): Operand {
    requireNumber(node);
    return operand(node);
  }

  /** A word that the field on the other side can hold is that text, though a field may be called so. */
  function equated(node: Node, other: Node): Operand {
    const text =
      node.type === 'Literal' ? node.value : node.type === 'Word' ? node.word : undefined;
    if (typeof text !== 'string') return operand(node);
    const isOfField = other.type === 'Word' && fields.has(other.word);
    const known = isOfField ? fields.texts(other.word) : undefined;
    if (known?.includes(text)) return () => text;
    if (node.type === 'Word') {
      if (fields.has(text)) return operand(node);
      if (!isOfField || known?.length === 0) throw unknownField(node);
    }
    if (known?.length === 0) throw refusal('a number', node);
    if (known) {
      throw refusal(`one of ${known.join(', ')}`, node, didYouMean(suggest(text, known)));
    }
    return () => text;
  }

  function unknownField(node: Word): LockstepError {
    const { word } = node;
    const near =
      suggest(word, fields.paths) ?? fields.paths.find((path) => path.endsWith(`.${word}`));
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

function didYouMean(word: string | undefined): string | undefined {
  return word === undefined ? undefined : `Did you mean ${word}?`;
}
