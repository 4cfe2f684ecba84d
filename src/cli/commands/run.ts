import type { CommandModule } from 'yargs';
import { withoutSweep } from '../../app/plan-run.js';
import type { CommandContext, ExitCode } from '../context.js';
import { train } from '../train.js';
import { trainingOptions } from '../training-options.js';
import type { TrainingArguments } from '../training-options.js';

/** `lockstep run [config]`: trains the variants over the configured seeds. */
export function runCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, TrainingArguments> {
  return {
    command: 'run [config]',
    describe: 'Train the variants of a configuration in lockstep, seed after seed',
    builder: (yargs) =>
      yargs
        .positional('config', {
          type: 'string',
          default: 'tutorial',
          describe: 'A YAML file, or the name of a shipped configuration',
        })
        .options(trainingOptions) as never,
    handler: async (args) => {
      const code = await train(args, context, (loaded) => {
        if (loaded.config.sweep !== undefined && !args.quiet) {
          context.stderr.write(
            'Ignoring the sweep of this configuration: `lockstep sweep` runs it.\n',
          );
        }
        return withoutSweep(loaded);
      });
      exit(code);
    },
  };
}
