import { loadRequested } from '../../app/plan-run.js';
import { planSequence } from '../../config/plan-sequence.js';
import { parseSeeds } from '../../config/schema/seeds.js';
import { LockstepError } from '../../protocol/index.js';
import { defineCommand } from '../command.js';
import { parsed, text, toggle, wholeNumber } from '../flags.js';
import { trainingFlags } from '../options.js';
import { train } from '../train.js';

/** What says when to look, laid over the configuration's `decision.sequential`. */
const sequentialFlags = {
  cap: parsed(
    'The most seeds to train (default: 20, or 100 with --open-ended)',
    wholeNumber(2, 1000),
  ),
  every: parsed(
    'Seeds from one look at the results to the next (default: 1)',
    wholeNumber(1, 1000),
  ),
  'open-ended': toggle('Decide by evidence that may be added to for ever, instead of up to a cap'),
};

export const decide = defineCommand({
  name: 'decide',
  describe: 'Train seed after seed until the verdict is clear, at a controlled chance of error',
  positionals: {
    config: text('A YAML file, or the name of a shipped configuration', {
      default: 'tutorial',
      names: 'a configuration',
    }),
  },
  flags: { ...sequentialFlags, ...trainingFlags },
  async run(values, context) {
    const { cap, every, openEnded } = values;
    const asked = [
      ...(cap === undefined ? [] : [`decision.sequential.cap=${cap}`]),
      ...(every === undefined ? [] : [`decision.sequential.every=${every}`]),
      ...(openEnded ? ['decision.sequential.openEnded=true'] : []),
    ];
    const { config } = await loadRequested(values, context);
    const isPlanned = asked.length > 0 || config.decision.sequential !== undefined;
    const set = [...values.set, ...(isPlanned ? asked : ['decision.sequential={}'])];
    return train({ ...values, set }, context, (loaded) => {
      const planned = { ...loaded, config: planSequence(loaded.config) };
      requireAllSeeds(values.seeds, planned.config.seeds.length);
      return planned;
    });
  },
});

/** Refuses to leave out seeds that were asked for by a flag. */
function requireAllSeeds(seeds: string | undefined, cap: number): void {
  if (seeds === undefined) return;
  const { length } = parseSeeds(seeds, '--seeds');
  if (length <= cap) return;
  throw new LockstepError(
    'usage',
    `--seeds: expected at most ${cap} seeds, which is the cap, got ${length}`,
    {
      hint: `Raise it with --cap ${length}: the seeds are trained in this order, as far as needed.`,
    },
  );
}
