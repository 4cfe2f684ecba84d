import { levelSeeds, requireNoSweep } from '../../app/plan-variance.js';
import { fewestLevels } from '../../statistics/latin-square.js';
import { withoutSequence } from '../../config/plan-sequence.js';
import { defineCommand } from '../command.js';
import { parsed, text, wholeNumber } from '../flags.js';
import { trainingFlags } from '../options.js';
import { train } from '../train.js';

/** More need more trials than a run has without being asked: 31 x 31. */
const mostLevels = 31;

export const variance = defineCommand({
  name: 'variance',
  describe: 'Say how much of the variance comes from the data order, initial weights and dropout',
  positionals: {
    config: text('A YAML file, or the name of a shipped configuration', {
      default: 'tutorial',
      names: 'a configuration',
    }),
  },
  flags: {
    levels: parsed(
      'Seeds of each stream, from 3: the trials are its square',
      wholeNumber(fewestLevels, mostLevels),
      { default: '5' },
    ),
    ...trainingFlags,
  },
  run({ levels, ...values }, context) {
    return train(
      values,
      context,
      ({ config, ...loaded }) => {
        requireNoSweep(config);
        const seeds = levelSeeds(config.seeds, levels, values.seeds !== undefined);
        // Looks are for a verdict, which this has not.
        return { ...loaded, config: withoutSequence({ ...config, seeds }) };
      },
      { levels },
    );
  },
});
