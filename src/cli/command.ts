import type { CommandContext, ExitCode } from './context.js';
import type { Flags, Values } from './flags.js';

/** One command of the command line: what it takes and what it does. */
export interface Command {
  readonly name: string;
  /** An imperative sentence without a full stop. */
  readonly describe: string;
  /** In order; only the last ones may be left out. */
  readonly positionals: Flags;
  readonly flags: Flags;
  /** @param values of all flags and positionals, read, by their names in camelCase */
  readonly run: (values: never, context: CommandContext) => Promise<ExitCode> | ExitCode;
}

/** Declares a command; what it runs gets the values of its flags with their types. */
export function defineCommand<Positionals extends Flags, Own extends Flags>(
  command: Omit<Command, 'run' | 'positionals' | 'flags'> & {
    readonly positionals: Positionals;
    readonly flags: Own;
    readonly run: (
      values: Values<Positionals> & Values<Own>,
      context: CommandContext,
    ) => Promise<ExitCode> | ExitCode;
  },
): Command {
  return command;
}
