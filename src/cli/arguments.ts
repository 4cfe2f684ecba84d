import { suggest } from '../config/suggest.js';
import { LockstepError } from '../protocol/index.js';
import type { Command } from './command.js';
import { camelCase, toggle } from './flags.js';
import type { Flag, Flags } from './flags.js';

/** The flags that every command has. */
export const commonFlags = {
  debug: toggle('Show stack traces'),
  help: { ...toggle('Show help'), alias: 'h' },
  version: toggle('Show the version of Lockstep'),
} satisfies Flags;

/** What was typed, by the names of flags and positionals. */
export type Typed = ReadonlyMap<string, readonly string[]>;

/**
 * Sorts a command's arguments into flags and positionals: `--name value`, `--name=value`, `-n value`, `-nvalue`, and
 * positionals only after `--`. The last positional may take all that are left.
 * @throws LockstepError `usage` naming what the command does not take
 */
export function sortArguments(argv: readonly string[], command: Command): Typed {
  const flags: Flags = { ...command.flags, ...commonFlags };
  const positionals = Object.keys(command.positionals);
  const typed = new Map<string, string[]>();
  const add = (name: string, value: string) => typed.set(name, [...(typed.get(name) ?? []), value]);
  let onlyPositionals = false;
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at]!;
    if (onlyPositionals || !/^-./s.test(argument)) {
      const name = positionals.find(
        (candidate) => !typed.has(candidate) || command.positionals[candidate]!.takes === 'values',
      );
      if (name === undefined) throw extra(argument, command);
      add(name, argument);
    } else if (argument === '--') onlyPositionals = true;
    else {
      const { written, name, value } = splitFlag(argument, flags);
      const flag = name !== undefined && Object.hasOwn(flags, name) ? flags[name] : undefined;
      if (name === undefined || flag === undefined) throw unknownFlag(written, flags, command);
      if (flag.takes === 'nothing') {
        if (value !== undefined) {
          throw new LockstepError(
            'usage',
            `${written}: expected no value, got ${value || 'an empty one'}`,
          );
        }
        add(name, written);
      } else {
        const next = value ?? argv[(at += 1)];
        if (next === undefined || (value === undefined && isFlag(next, flags))) {
          throw new LockstepError('usage', `${written}: expected a value, got none`, {
            hint: seeHelp(command),
          });
        }
        add(name, next);
      }
    }
  }
  return typed;
}

/**
 * The values of all of a command's flags and positionals, by their names in camelCase.
 * @throws LockstepError `usage` naming the first one that is wrong
 */
export function readValues(typed: Typed, command: Command): Readonly<Record<string, unknown>> {
  const entries = [
    ...Object.entries(command.positionals).map(([name, flag]) => [name, name, flag] as const),
    ...Object.entries(command.flags).map(([name, flag]) => [name, `--${name}`, flag] as const),
  ];
  return Object.fromEntries(
    entries.map(([name, shown, flag]) => [
      camelCase(name),
      readValue(flag, shown, typed.get(name), command),
    ]),
  );
}

function readValue(
  flag: Flag,
  shown: string,
  given: readonly string[] | undefined,
  command: Command,
): unknown {
  if (given === undefined && flag.required === true) {
    throw new LockstepError('usage', `expected ${shown}, got none: ${flag.describe}`, {
      hint: seeHelp(command),
    });
  }
  if (flag.takes === 'value' && given !== undefined && given.length > 1) {
    throw new LockstepError('usage', `${shown}: expected one value, got ${given.join(' and ')}`, {
      hint: `Give ${shown} once.`,
    });
  }
  if (given?.includes('') === true) {
    throw new LockstepError('usage', `${shown}: expected a value, got an empty one`);
  }
  return flag.read(given ?? (flag.default === undefined ? [] : [flag.default]), shown);
}

interface SplitFlag {
  /** With its dashes. */
  readonly written: string;
  /** Undefined where it is a letter that no flag has. */
  readonly name: string | undefined;
  readonly value: string | undefined;
}

function splitFlag(argument: string, flags: Flags): SplitFlag {
  const long = /^(--[^=]*)(?:=(.*))?$/s.exec(argument);
  if (long !== null) {
    const [, written = '', value] = long;
    return { written, name: written.slice(2), value };
  }
  const [, letter = '', value] = /^-(.)=?(.*)$/su.exec(argument) ?? [];
  const [name] = Object.entries(flags).find(([, { alias }]) => alias === letter) ?? [];
  return { written: `-${letter}`, name, value: value === '' ? undefined : value };
}

/** Whether an argument is surely meant as a flag, not as a value that begins with a dash. */
function isFlag(argument: string, flags: Flags): boolean {
  if (argument.startsWith('--')) return true;
  return Object.values(flags).some(({ alias }) => alias !== undefined && argument === `-${alias}`);
}

function unknownFlag(written: string, flags: Flags, command: Command): LockstepError {
  const name = written.replace(/^-+/, '');
  const negated = /^no-(.*)$/.exec(name)?.[1] ?? '';
  if (Object.hasOwn(flags, negated)) {
    return new LockstepError('usage', `unknown flag ${written}`, {
      hint: `Leave out --${negated} instead.`,
    });
  }
  const near = suggest(name.replace(/\..*$/s, ''), Object.keys(flags));
  const meant = near === undefined ? '' : `; did you mean --${near}?`;
  return new LockstepError('usage', `unknown flag ${written}${meant}`, { hint: seeHelp(command) });
}

function extra(argument: string, command: Command): LockstepError {
  return new LockstepError(
    'usage',
    `expected no further argument, got ${argument || 'an empty one'}`,
    {
      hint: seeHelp(command),
    },
  );
}

function seeHelp({ name }: Command): string {
  return `Run \`lockstep ${name} --help\`.`;
}

/** @throws LockstepError `usage` with the command that was most likely meant */
export function unknownCommand(word: string | undefined, names: readonly string[]): LockstepError {
  const near = word === undefined ? undefined : suggest(word, names);
  const meant = near === undefined ? '' : `; did you mean ${near}?`;
  return new LockstepError('usage', `expected a command, got ${word ?? 'none'}${meant}`, {
    hint: 'Run `lockstep --help`.',
  });
}
