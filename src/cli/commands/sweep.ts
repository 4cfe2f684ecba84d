import type { CommandModule } from 'yargs';
import { manyTrials, requireSweep } from '../../app/plan-run.js';
import type { CommandContext, ExitCode } from '../context.js';
import { train } from '../train.js';
import { trainingOptions } from '../training-options.js';
import type { TrainingArguments } from '../training-options.js';

interface SweepArguments extends TrainingArguments {
  readonly yes: boolean;
}

/** `lockstep sweep <config>`: trains the variants at every point of the configured sweep. */
export function sweepCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, SweepArguments> {
  return {
    command: 'sweep <config>',
    describe: 'Train the variants at every point of a grid or a random search, with every seed',
    builder: (yargs) =>
      yargs
        .positional('config', {
          type: 'string',
          demandOption: true,
          describe: 'A YAML file with a sweep, or the name of a shipped configuration',
        })
        .options({
          ...trainingOptions,
          yes: {
            type: 'boolean',
            default: false,
            describe: `Run more than ${manyTrials} trials`,
          },
        }) as never,
    handler: async (args) => {
      const code = await train(args, context, (loaded) => {
        requireSweep(loaded.config, args.yes || args.dryRun);
        return loaded;
      });
      exit(code);
    },
  };
}
