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

/** A finite number above 0. */
export function positive() {
  const error = 'a number above 0';
  return z.number({ error }).gt(0, { error });
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

/**
 * The probability of an error that a test or an interval may make, small; not the confidence, which is
 * one less that. Below 1e-9 quantiles of t leave the range of floating-point numbers.
 */
export function significanceLevel() {
  const error = 'a significance level from 1e-9 up to, but not including, 0.5, such as 0.05';
  return z
    .number({ error })
    .gte(1e-9, { error })
    .refine((level) => level < 0.5, {
      error: ({ input }) => {
        const level = Number(input);
        const meant = Number((1 - level).toPrecision(12));
        const hint =
          level > 0.5 && level < 1 ? `; for ${100 * level}% confidence write ${meant}` : '';
        return `expected ${error}, got ${level}${hint}`;
      },
    })
    .meta({ exclusiveMaximum: 0.5 });
}

export function finite() {
  return z.number({ error: 'a finite number' });
}

export function flag() {
  return z.boolean({ error: 'true or false' });
}

/** Text on one line. */
export function text(maxLength = 4096) {
  const error = 'text on one line';
  return z
    .string({ error })
    .regex(/^[^\r\n]*\S[^\r\n]*$/, { error })
    .max(maxLength, { error: `text of at most ${maxLength} characters` })
    .superRefine((value, context) => {
      const hidden = hiddenCharacter.exec(value);
      if (hidden === null) return;
      const code = hidden[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      const position = Array.from(value.slice(0, hidden.index)).length + 1;
      context.addIssue(`expected text that can be shown, got U+${code} as character ${position}`);
    });
}

/** Text that people read in terminals, tables and figures. */
export function label() {
  return text(120);
}

/**
 * Controls, lone surrogates and noncharacters, which figures (XML) cannot hold, line separators, and
 * direction controls, which turn around the text after them.
 */
const hiddenCharacter =
  /(?![\r\n])[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** `a, b or c`. */
export function orList(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
