import yargs from 'yargs';
import type { Argv, Options } from 'yargs';
import { commonFlags } from './arguments.js';
import type { Command } from './command.js';
import type { Flag, Flags } from './flags.js';

const question = 'Is variant B of a network really better than variant A?';

/** The help of one command. @param columns cells of a line */
export function commandHelp(command: Command, columns: number): Promise<string> {
  const parser = helper(columns).usage(`$0 ${usage(command)}\n\n${command.describe}`);
  for (const [name, flag] of Object.entries(command.positionals)) {
    parser.positional(name, option(flag) as never);
  }
  return parser.options(options(command.flags)).options(options(commonFlags)).getHelp();
}

/** The help that lists all commands. */
export function generalHelp(commands: readonly Command[], columns: number): Promise<string> {
  const parser = helper(columns).usage(`$0 <command>\n\n${question}`);
  for (const command of commands) parser.command(usage(command), command.describe);
  return parser.options(options(commonFlags)).getHelp();
}

/** Prints the script that makes a shell complete: it calls `lockstep --get-yargs-completions <words>`. */
export function printCompletionScript(): void {
  yargs([]).scriptName('lockstep').completion('completion').showCompletionScript();
}

/** `run [config]`. */
function usage({ name, positionals }: Command): string {
  const names = Object.entries(positionals).map(([positional, { required, takes }]) => {
    const shown = takes === 'values' ? `${positional}..` : positional;
    return required === true ? `<${shown}>` : `[${shown}]`;
  });
  return [name, ...names].join(' ');
}

function helper(columns: number): Argv {
  return yargs([]).scriptName('lockstep').wrap(columns).help(false).version(false);
}

function options(flags: Flags): Record<string, Options> {
  return Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, option(flag)]));
}

function option({ describe, takes, alias, choices, default: usual, required }: Flag): Options {
  return {
    describe,
    type: takes === 'nothing' ? 'boolean' : 'string',
    ...(alias !== undefined && { alias }),
    ...(choices && { choices }),
    ...(usual !== undefined && { default: usual }),
    ...(required === true && { demandOption: true }),
  };
}
