import jsep from 'jsep';
import { LockstepError } from '../../protocol/index.js';

/** A position in the text. */
interface Place {
  readonly start: number;
  /** One past its last character. */
  readonly end: number;
}

/** A word that is not quoted: a field, or a text. */
export interface Word extends Place {
  readonly type: 'Word';
  readonly word: string;
}

export interface Literal extends Place {
  readonly type: 'Literal';
  readonly value: number | string;
  /** As it stands in the condition, without quotes: a digest may look like a number. */
  readonly text: string;
}

export interface Operation {
  readonly type: 'BinaryExpression';
  readonly operator: string;
  readonly left: Node;
  readonly right: Node;
}

export interface Negative {
  readonly type: 'UnaryExpression';
  readonly operator: '-';
  readonly argument: Node;
}

/** An expression as a tree, the operators that bind closest at the bottom. */
export type Node = Word | Literal | Operation | Negative;

const hint =
  "For instance --where 'variants.snn.scores.loss<0.2 and step>=100'; operators are < <= > >= = != + - * / and or, and parentheses.";

prepareParser();

/** @throws LockstepError `usage` with the place in the text where it is wrong */
export function parseExpression(text: string): Node {
  let tree: jsep.Expression;
  try {
    // An `and` is an operator only before something.
    tree = jsep(`${text} `);
  } catch (cause) {
    const { index = text.length } = cause as { readonly index?: number };
    const start = Math.min(index, text.length);
    throw refused(text, 'an operator, a field or a value', { start, end: start + 1 }, hint);
  }
  if (isNode(tree)) return tree;
  // Two expressions without anything between them.
  const second = tree.type === 'Compound' ? (tree as jsep.Compound).body[1] : undefined;
  if (second && isNode(second)) throw refused(text, 'and, or, or the end', placeOf(second), hint);
  throw refused(text, 'a condition', { start: 0, end: text.length }, hint);
}

/** The parser also knows lists, calls and more, which conditions do not have. */
function isNode(tree: unknown): tree is Node {
  const { type, left, right, argument } = tree as Partial<jsep.Expression>;
  if (type === 'BinaryExpression') return isNode(left) && isNode(right);
  return type === 'UnaryExpression' ? isNode(argument) : type === 'Word' || type === 'Literal';
}

/** An error that shows the text and, in the line below, marks the place. */
export function refused(
  text: string,
  expected: string,
  { start, end }: Place,
  hint: string | undefined,
): LockstepError {
  const got = text.slice(start, end) || 'the end';
  const marks = ' '.repeat(start) + '^'.repeat(Math.max(1, end - start));
  return new LockstepError(
    'usage',
    `--where: expected ${expected}, got ${got}\n  ${text}\n  ${marks}`,
    { hint },
  );
}

export function placeOf(node: Node): Place {
  if (node.type === 'UnaryExpression') return placeOf(node.argument);
  if (node.type !== 'BinaryExpression') return node;
  return { start: placeOf(node.left).start, end: placeOf(node.right).end };
}

/** Leaves the library only these operators, some spelled as in other query languages. */
function prepareParser(): void {
  const precedence = {
    ...{ or: 1, '||': 1, and: 2, '&&': 2, '=': 6, '==': 6, '!=': 6 },
    ...{ '<': 7, '<=': 7, '>': 7, '>=': 7, '+': 9, '-': 9, '*': 10, '/': 10 },
  };
  jsep.removeAllBinaryOps();
  for (const [operator, binding] of Object.entries(precedence)) {
    jsep.addBinaryOp(operator, binding);
  }
  jsep.removeAllUnaryOps();
  jsep.addUnaryOp('-');
  jsep.hooks.add('gobble-token', function (env) {
    const found = operandAt(this.expr, this.index);
    if (found === undefined) return;
    this.index = found.end;
    env.node = found as unknown as jsep.Expression;
  });
}

/** The field, text or number that begins at a place: names of variants may hold a `-`. */
function operandAt(text: string, start: number): Word | Literal | undefined {
  const match =
    /(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?!\w)|Infinity\b)|(?<word>\w[\w-]*(?:\.[\w-]+)*)|"(?<double>[^"]*)"|'(?<single>[^']*)'/iy;
  match.lastIndex = start;
  const groups = match.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const place = { start, end: match.lastIndex };
  const { number, word, double, single } = groups;
  if (word !== undefined) return { type: 'Word', word, ...place };
  const literal = number ?? double ?? single ?? '';
  const value = number === undefined ? literal : Number(number);
  return { type: 'Literal', value, text: literal, ...place };
}
