import type { CommandModule } from 'yargs';
import { countPoints } from '../../config/plan-points.js';
import type { Config } from '../../config/schema.js';
import { LockstepError } from '../../protocol/index.js';
import { planTrials } from '../../run/manifest.js';
import type { CommandContext, ExitCode } from '../context.js';
import { train } from '../../app/run.js';
import { trainingOptions } from '../training-options.js';
import type { TrainingArguments } from '../training-options.js';

/** More trials than this are often a mistake, and need `--yes`. */
const manyTrials = 1000;
/** More than this are not even listed. */
const mostTrials = 100_000;

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
            describe: `Go on with more than ${manyTrials} trials`,
          },
        }) as never,
    handler: async (args) => {
      const code = await train(args, context, (config) => {
        checkSize(config, args);
        return config;
      });
      exit(code);
    },
  };
}

/** @throws LockstepError `usage` without a sweep, and for more trials than were agreed to */
function checkSize(config: Config, { yes, dryRun }: SweepArguments): void {
  const { sweep, seeds } = config;
  if (sweep === undefined) {
    throw new LockstepError('usage', 'sweep: expected a sweep in the configuration, got none', {
      hint: `Add one, for instance --set 'sweep={method: grid, parameters: {training.optimizer.learningRate: {values: [0.01, 0.1]}}}'.`,
    });
  }
  const asked = countPoints(sweep) * seeds.length;
  if (asked > mostTrials) {
    throw new LockstepError(
      'usage',
      `sweep: expected at most ${mostTrials} trials, got ${asked} (points x seeds)`,
      { hint: 'Take fewer values or seeds, or a random search.' },
    );
  }
  const trials = planTrials(config).length;
  if (trials > manyTrials && !yes && !dryRun) {
    throw new LockstepError(
      'usage',
      `sweep: expected at most ${manyTrials} trials without --yes, got ${trials}`,
      { hint: 'Look at them with --dry-run, then go on with --yes.' },
    );
  }
}
