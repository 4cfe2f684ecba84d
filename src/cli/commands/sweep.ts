import { manyTrials, requireSweep } from '../../app/plan-run.js';
import { withoutSequence } from '../../config/plan-sequence.js';
import { defineCommand } from '../command.js';
import { text, toggle } from '../flags.js';
import { trainingFlags } from '../options.js';
import { train } from '../train.js';

export const sweep = defineCommand({
  name: 'sweep',
  describe:
    'Train the variants at the points of a grid, a random search or a race, with every seed',
  positionals: {
    config: text('A YAML file with a sweep, or the name of a shipped configuration', {
      required: true,
      names: 'a configuration',
    }),
  },
  flags: { ...trainingFlags, yes: toggle(`Run more than ${manyTrials} trials`) },
  run: (values, context) =>
    train(values, context, (loaded) => {
      requireSweep(loaded.config, values.yes || values.dryRun);
      return { ...loaded, config: withoutSequence(loaded.config) };
    }),
});
