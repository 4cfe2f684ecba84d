import { suggest } from '../config/suggest.js';
import type { LogRecord } from '../log/records.js';
import { LockstepError } from '../protocol/index.js';

const scalarFields = [
  'level',
  'time',
  'event',
  'trial',
  'seed',
  'seq',
  'step',
  'epoch',
  'split',
  'examples',
  'outcome',
];
const variantFields = ['loss', 'accuracy', 'inputDigest', 'indicesDigest', 'trainMs', 'evalMs'];

const comparisons: Readonly<Record<string, (order: number, equal: boolean) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order, equal) => order < 0 || equal,
  '>': (order) => order > 0,
  '>=': (order, equal) => order > 0 || equal,
  '=': (_, equal) => equal,
  '==': (_, equal) => equal,
  '!=': (_, equal) => !equal,
};

/**
 * A condition on a record: `<path><operator><value>`, for instance `variants.snn.loss<0.2`. Numbers
 * are compared as numbers ("NaN" is less than and equal to nothing), all else as text; a record
 * without the field does not fulfil it.
 * @param variants names the run has
 * @throws LockstepError `usage` naming what was meant
 */
export function parseWhere(
  text: string,
  variants: readonly string[],
): (record: LogRecord) => boolean {
  const match = /^\s*([\w.-]+?)\s*(<=|>=|!=|==|<|>|=)\s*(.+?)\s*$/.exec(text);
  if (!match) {
    throw new LockstepError('usage', `--where: expected <path><operator><value>, got ${text}`, {
      hint: "For instance --where 'variants.snn.loss<0.2'; operators are < <= > >= = !=.",
    });
  }
  const [, path = '', operator = '', wanted = ''] = match;
  const paths = [
    ...scalarFields,
    ...variants.flatMap((name) => variantFields.map((field) => `variants.${name}.${field}`)),
  ];
  requireKnown('--where', path, paths);
  const holds = comparisons[operator]!;
  if (holds.length === 1 && Number.isNaN(Number(wanted))) {
    throw new LockstepError(
      'usage',
      `--where: expected a number after ${operator}, got ${wanted}`,
      { hint: 'Text can be compared with = and != only.' },
    );
  }
  const keys = path.split('.');
  const number = Number(wanted);
  return (record) => {
    const value = valueAt(record, keys);
    if (typeof value === 'number') return holds(value - number, value === number);
    if (typeof value !== 'string') return false;
    const order = Number(value) - number;
    return holds(order, order === 0 || value === wanted);
  };
}

/** @throws LockstepError `usage` with what was most likely meant */
export function requireKnown(flag: string, word: string, known: readonly string[]): void {
  if (known.includes(word)) return;
  const meant = suggest(word, known);
  throw new LockstepError('usage', `${flag}: expected one of ${known.join(', ')}, got ${word}`, {
    hint: meant === undefined ? undefined : `Did you mean ${meant}?`,
  });
}

function valueAt(record: LogRecord, keys: readonly string[]): unknown {
  let value: unknown = record;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
