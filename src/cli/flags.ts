import { LockstepError } from '../protocol/index.js';

/** A flag or a positional argument: what it takes, and how it is read. */
export interface Flag<Value = unknown> {
  readonly describe: string;
  /** `values`: it may be given several times. */
  readonly takes: 'nothing' | 'value' | 'values';
  /** A letter. */
  readonly alias?: string | undefined;
  readonly choices?: readonly string[] | undefined;
  /** The text read where the flag is not given. */
  readonly default?: string | undefined;
  readonly required?: boolean | undefined;
  /** The kind of thing that its value names, for the shell to complete; absent: its choices. */
  readonly names?: 'a run' | 'a configuration' | undefined;
  /**
   * @param texts what was typed or is the default, none of them empty: at most one unless it takes `values`
   * @param name as errors call it, for instance `--jobs`
   * @throws LockstepError `usage`
   */
  readonly read: (texts: readonly string[], name: string) => Value;
}

export type Flags = Readonly<Record<string, Flag>>;

type CamelCase<Name> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** A command's flags, by their names in camelCase. */
export type Values<Of extends Flags> = {
  readonly [Name in keyof Of as CamelCase<Name>]: Of[Name] extends Flag<infer Value>
    ? Value
    : never;
};

export function camelCase(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** A flag that is given or not. */
export function toggle(describe: string): Flag<boolean> {
  return { describe, takes: 'nothing', read: (texts) => texts.length > 0 };
}

type ValueOptions = Pick<Flag, 'alias' | 'names'>;
type Given = { readonly default: string } | { readonly required: true };

/** A flag with a text. */
export function text(describe: string, options: ValueOptions & Given): Flag<string>;
export function text(describe: string, options?: ValueOptions): Flag<string | undefined>;
export function text(describe: string, options: ValueOptions = {}): Flag<string | undefined> {
  return { describe, takes: 'value', ...options, read: ([value]) => value };
}

/** A flag whose text means something. @param parse throws a LockstepError `usage` for a text that it does not take */
export function parsed<Value>(
  describe: string,
  parse: (text: string, name: string) => Value,
  options: ValueOptions & Given,
): Flag<Value>;
export function parsed<Value>(
  describe: string,
  parse: (text: string, name: string) => Value,
  options?: ValueOptions,
): Flag<Value | undefined>;
export function parsed<Value>(
  describe: string,
  parse: (text: string, name: string) => Value,
  options: ValueOptions = {},
): Flag<Value | undefined> {
  const read = ([value]: readonly string[], name: string) =>
    value === undefined ? undefined : parse(value, name);
  return { describe, takes: 'value', ...options, read };
}

/** A flag with one of some words. */
export function oneOf<Word extends string>(
  describe: string,
  choices: readonly Word[],
  options: ValueOptions & Given,
): Flag<Word>;
export function oneOf<Word extends string>(
  describe: string,
  choices: readonly Word[],
  options?: ValueOptions,
): Flag<Word | undefined>;
export function oneOf<Word extends string>(
  describe: string,
  choices: readonly Word[],
  options: ValueOptions = {},
): Flag<Word | undefined> {
  const read = ([value]: readonly string[], name: string) => {
    if (value === undefined || choices.includes(value as Word)) return value as Word | undefined;
    throw new LockstepError('usage', `${name}: expected ${choices.join(', ')}, got ${value}`);
  };
  return { describe, takes: 'value', choices, ...options, read };
}

/** A flag that may be given several times. */
export function texts(describe: string): Flag<readonly string[]> {
  return { describe, takes: 'values', read: (all) => all };
}

/** Reads a whole number. @param or what else the flag takes, for its error */
export function wholeNumber(least: number, most = 9999, or = '') {
  return (value: string, name: string): number => {
    if (/^\d{1,15}$/.test(value) && Number(value) >= least && Number(value) <= most) {
      return Number(value);
    }
    throw new LockstepError(
      'usage',
      `${name}: expected a whole number from ${least} to ${most}${or}, got ${value}`,
    );
  };
}
