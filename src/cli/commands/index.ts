import type { CommandModule } from 'yargs';
import type { CommandContext, ExitCode } from '../context.js';

type Command = CommandModule<object, never>;
type CreateCommand = (context: CommandContext, exit: (code: ExitCode) => void) => unknown;

/**
 * All commands by name, in the order in which `--help` lists them. Each loads its own code: what a trial
 * needs is loaded in a fifth of the time that everything takes.
 */
const creators: Readonly<Record<string, () => Promise<CreateCommand>>> = {
  run: async () => (await import('./run.js')).runCommand,
  sweep: async () => (await import('./sweep.js')).sweepCommand,
  resume: async () => (await import('./resume.js')).resumeCommand,
  tail: async () => (await import('./tail.js')).tailCommand,
  list: async () => (await import('./list.js')).listCommand,
  show: async () => (await import('./show.js')).showCommand,
  diff: async () => (await import('./diff.js')).diffCommand,
  report: async () => (await import('./report.js')).reportCommand,
  verify: async () => (await import('./verify.js')).verifyCommand,
  export: async () => (await import('./export.js')).exportCommand,
  trial: async () => (await import('./trial.js')).trialCommand,
  setup: async () => (await import('./setup.js')).setupCommand,
  doctor: async () => (await import('./doctor.js')).doctorCommand,
  bench: async () => (await import('./bench.js')).benchCommand,
};

/** The names of all commands but `completion`, which the parser itself brings. */
export const commandNames: readonly string[] = Object.keys(creators);

/** The command that a command line starts with, or all of them where it starts with none. */
export async function loadCommands(
  [first = '']: readonly string[],
  context: CommandContext,
  exit: (code: ExitCode) => void,
): Promise<Command[]> {
  const wanted = Object.hasOwn(creators, first) ? [creators[first]!] : Object.values(creators);
  const loaded = await Promise.all(wanted.map((load) => load()));
  return loaded.map((create) => create(context, exit) as Command);
}
