import { suggest } from '../config/suggest.js';
import { LockstepError } from '../protocol/index.js';

export interface UnknownArgumentOptions {
  /** What the command line holds, without `node` and the program. */
  readonly argv: readonly string[];
  /** The names of all commands. */
  readonly commands: readonly string[];
  /** The help of what was called, which lists its flags. */
  readonly help: string;
}

/**
 * The error of a command line with a command, a flag or an argument that Lockstep does not have, with what was
 * most likely meant.
 * @param names what the parser did not know, flags without their dashes
 */
export function unknownArgument(
  names: readonly string[],
  { argv, commands, help }: UnknownArgumentOptions,
): LockstepError {
  const [first = ''] = argv;
  if (names.includes(first) && !commands.includes(first)) {
    return error(`expected a command, got ${first}`, first, commands, '', 'lockstep --help');
  }
  const seen = commands.includes(first) ? `lockstep ${first} --help` : 'lockstep --help';
  const flag = argv
    .map(splitFlag)
    .find((split) => split !== undefined && names.includes(split.name));
  if (flag !== undefined) {
    const flags = [...help.matchAll(/^ +(?:-\w, )?--([a-z-]+)/gm)].map(([, name]) => name!);
    return error(`unknown flag ${flag.dashes}${flag.name}`, flag.name, flags, '--', seen);
  }
  return error(`expected no further argument, got ${names.join(', ')}`, '', [], '', seen);
}

/** Of `--name`, `--name=value`, `--no-name` or `-n`; undefined for what is no flag. */
function splitFlag(
  argument: string,
): { readonly dashes: string; readonly name: string } | undefined {
  const [, dashes, name] = /^(--no-|--?)([^=]+)/.exec(argument) ?? [];
  return dashes === undefined || name === undefined ? undefined : { dashes, name };
}

function error(
  message: string,
  word: string,
  candidates: readonly string[],
  dashes: string,
  help: string,
): LockstepError {
  const near = suggest(word, candidates);
  const meant = near === undefined ? '' : `; did you mean ${dashes}${near}?`;
  return new LockstepError('usage', `${message}${meant}`, { hint: `Run \`${help}\`.` });
}
