import type { z } from 'zod';
import { orList } from '../schema/fields.js';
import { ownName } from './foreign-names.js';
import { formatPath } from './path.js';
import { whyRefused, whyRefusedWord } from './refused-keys.js';
import { suggest } from './suggest.js';

/** One thing wrong with a configuration. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  /** Whether the key itself is wrong, or the value it has (or lacks). */
  readonly about: 'key' | 'value';
  /** Says what was expected and what was found. */
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** The schema's findings in words; see `../schema/fields.ts` for what its error texts hold. */
export function problemsOf(issues: readonly Issue[], input: unknown): Problem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, [], input));
}

function problemsOfIssue(issue: Issue, parent: readonly PropertyKey[], input: unknown): Problem[] {
  const path = [...parent, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(' ');
    return issue.keys.map((key) => {
      const hint = whyRefused([...path, key]) ?? hintFor(key, known);
      const message = `unknown key; ${hint ?? `expected ${orList(known)}`}`;
      return { path: [...path, key], about: 'key', message };
    });
  }
  if (issue.code === 'invalid_key') {
    const inner = issue.issues[0];
    const message =
      inner?.code === 'custom'
        ? inner.message
        : `expected ${inner?.message ?? 'another key'}, got ${describe(path.at(-1))}`;
    return [{ path, about: 'key', message }];
  }
  if (issue.code === 'custom' && issue.params?.about !== 'missing') {
    const about = issue.params?.about === 'key' ? 'key' : 'value';
    const isDefault = about === 'value' && valueAt(input, path) === undefined;
    const note = isDefault ? `, the default; set ${formatPath(path)}` : '';
    return [{ path, about, message: `${issue.message}${note}` }];
  }
  const deeper = issue.code === 'invalid_union' ? deepestBranch(issue.errors) : [];
  if (deeper.length > 0) return deeper.flatMap((inner) => problemsOfIssue(inner, path, input));

  const got = valueAt(input, path);
  if (got === undefined) {
    const message = `required key is missing; expected ${issue.message}`;
    return [{ path, about: 'value', message }];
  }
  const words = wordsOf(issue);
  const hint = typeof got === 'string' ? hintForValue(got, words, issue.message) : undefined;
  const message = `expected ${issue.message}, got ${describe(got)}${hint ? `; ${hint}` : ''}`;
  return [{ path, about: 'value', message }];
}

/** The issues of the alternative that got furthest into the value, if any got into it at all. */
function deepestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const depth = (branch: readonly Issue[]) => Math.max(0, ...branch.map(({ path }) => path.length));
  const deepest = Math.max(0, ...branches.map(depth));
  if (deepest === 0) return [];
  return branches.find((branch) => depth(branch) === deepest) ?? [];
}

/** The words that the value, or one alternative of it, may be. */
function wordsOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  // Of a union of kinds the error text alone has their names.
  if (issue.errors.length === 0) return issue.message.split(/, | or /);
  return issue.errors.flat().flatMap((inner) => (inner.path.length === 0 ? wordsOf(inner) : []));
}

function hintForValue(got: string, words: readonly string[], expected: string): string | undefined {
  if (expected.endsWith('with a `kind`') && /^\w+$/.test(got)) return `write {kind: ${got}}`;
  return whyRefusedWord(got, words) ?? hintFor(got, words) ?? hintForEnd(got, words);
}

/** For `accuracy`, where words such as `test.accuracy` are allowed. */
function hintForEnd(got: string, words: readonly string[]): string | undefined {
  const endOf = (word: string) => word.split('.')[1];
  const ends = words.flatMap((word) => endOf(word) ?? []);
  const end = ownName(got, ends);
  const meant = words.filter((word) => end !== undefined && endOf(word) === end);
  return meant.length === 0 ? undefined : `did you mean ${orList(meant)}?`;
}

function hintFor(word: string, candidates: readonly string[]): string | undefined {
  const near = ownName(word, candidates) ?? suggest(word, candidates);
  return near === undefined ? undefined : `did you mean ${near}?`;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function describe(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
  }
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  return String(value);
}
