import { z } from 'zod';

/*
 * Building blocks whose error text is only what was expected, for instance `a number in [0, 1)`:
 * `src/config/problems.ts` adds the key and what was got. Custom checks alone write whole sentences.
 */

/** What a schema makes of its input, unchangeable. */
export type Resolved<Schema extends z.ZodType> = DeepReadonly<z.output<Schema>>;

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

/** A map of known keys; the error text for an unknown key is the list of known ones. */
export function map<Shape extends Readonly<Record<string, z.ZodType>>>(shape: Shape) {
  const keys = Object.keys(shape).join(' ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? keys : 'a map'),
  });
}

/** A list with at least one item. */
export function list<Item extends z.ZodType>(item: Item) {
  return z.array(item, { error: 'a list' }).min(1, { error: 'a list of at least one item' });
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: orList(words) });
}

/** A safe integer of at least `least`. */
export function whole(least: number) {
  const error = `a whole number of at least ${least}`;
  return z.int({ error }).gte(least, { error });
}

/** A finite number of at least 0. */
export function nonNegative() {
  const error = 'a number of at least 0';
  return z.number({ error }).gte(0, { error });
}

/** A number from 0 up to, but not including, 1. */
export function fraction() {
  const error = 'a number in [0, 1)';
  return z.number({ error }).gte(0, { error }).lt(1, { error });
}

/** A number between 0 and 1, neither included. */
export function openFraction() {
  const error = 'a number in (0, 1)';
  return z.number({ error }).gt(0, { error }).lt(1, { error });
}

export function finite() {
  return z.number({ error: 'a finite number' });
}

export function flag() {
  return z.boolean({ error: 'true or false' });
}

/** Text on one line. */
export function text() {
  const error = 'text on one line';
  return z.string({ error }).regex(/^[^\r\n]*\S[^\r\n]*$/, { error });
}

/** `a, b or c`. */
export function orList(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
