import { fixedRun } from '../../app/plan-run.js';
import { defineCommand } from '../command.js';
import { text } from '../flags.js';
import { trainingFlags } from '../options.js';
import { train } from '../train.js';

export const run = defineCommand({
  name: 'run',
  describe: 'Train the variants of a configuration in lockstep, seed after seed',
  positionals: {
    config: text('A YAML file, or the name of a shipped configuration', {
      default: 'tutorial',
      names: 'a configuration',
    }),
  },
  flags: trainingFlags,
  run: (values, context) => train(values, context, fixedRun),
});
